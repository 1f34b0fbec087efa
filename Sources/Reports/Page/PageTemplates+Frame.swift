extension PageTemplates {
    /// The frame of every page; its content security policy accepts only its own style sheet.
    static let frame = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{{frame.styleSource}}'; img-src data:; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta name="robots" content="noindex, nofollow">
        <meta name="generator" content="rollcall {{frame.version}}">
        <title>{{frame.title}}</title>
        <link rel="icon" href="data:,">
        <style>{{{frame.style}}}</style>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header>
        <h1>{{frame.heading}}</h1>
        <p class="lead">{{frame.lead}}</p>
        <p class="note">{{#frame.notes}}{{.}} {{/frame.notes}}</p>
        {{$navigation}}{{/navigation}}
        </header>
        <main id="content" tabindex="-1">
        {{$content}}{{/content}}
        </main>
        <footer>
        <p>Made by rollcall {{frame.version}} on {{frame.madeAt}} UTC. This page is self-contained: it loads nothing and runs no script.</p>
        </footer>
        </body>
        </html>

        """

    /// The key figures.
    static let tiles = """
        <dl class="tiles">
        {{#tiles}}
        <div class="tile{{#.mark}} {{.}}{{/.mark}}"><dt>{{label}}</dt><dd class="figure">{{figure}}</dd><dd class="remark">{{remark}}</dd></div>
        {{/tiles}}
        </dl>

        """

    /// A text with parts shown as code.
    static let passage =
        "{{#pieces}}{{#.plain}}{{.}}{{/.plain}}{{#.code}}<code>{{.}}</code>{{/.code}}{{/pieces}}"

    /// The note on what a list leaves out.
    static let more = """
        {{#.more}}<p class="more">{{.}}</p>{{/.more}}

        """
}
