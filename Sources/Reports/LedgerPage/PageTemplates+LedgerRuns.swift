extension PageTemplates {
    /// The runs by months, newest first.
    static let runs = """
        <section aria-labelledby="runs">
        <h2 id="runs">Every run</h2>
        <p class="intro">{{#runsIntro}}{{>passage}}{{/runsIntro}}</p>
        {{#months}}
        <h3>{{name}}</h3>
        <div class="runs">
        {{#runs}}
        {{>run}}
        {{/runs}}
        </div>
        {{/months}}
        </section>

        """

    /// One run: a summary line that unfolds into the details.
    static let run = """
        <details><summary><span class="moment"><time datetime="{{startedAt}}">{{moment}}</time></span><span class="verb">{{command}}</span><span class="badge {{mark}}">{{status}}</span><span class="counts">{{counts}}</span></summary>
        <dl class="facts">
        {{#facts}}<div><dt>{{label}}</dt><dd>{{text}}</dd></div>{{/facts}}
        </dl>
        {{#faults}}<p class="fault"><b>{{groups}}:</b> {{error}}</p>{{/faults}}
        {{#groups}}<p class="of">{{name}}</p><ul>{{#changes}}<li class="{{mark}}"><b>{{operation}}</b> {{#.person}}{{.}} {{/.person}}{{phone}} <i>{{status}}</i>{{#.error}} {{.}}{{/.error}}</li>{{/changes}}</ul>{{/groups}}
        {{>more}}
        </details>

        """
}
