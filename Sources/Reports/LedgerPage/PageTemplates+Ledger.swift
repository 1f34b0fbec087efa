extension PageTemplates {
    /// The ledger page.
    static let ledgerPage = """
        {{<frame}}{{$navigation}}{{#hasRuns}}
        <nav aria-label="Sections">
        <ul>
        {{#sections}}
        <li><a href="#{{id}}">{{title}}</a></li>
        {{/sections}}
        </ul>
        </nav>
        {{/hasRuns}}{{/navigation}}{{$content}}{{^hasRuns}}
        <section aria-labelledby="empty">
        <h2 id="empty">Nothing to report yet</h2>
        <p>The ledger has no runs. Run <code>rollcall plan</code> or <code>rollcall apply</code>, then make this report again.</p>
        </section>
        {{/hasRuns}}
        {{#hasRuns}}
        {{>overview}}
        {{>failing}}
        {{>charts}}
        {{>people}}
        {{>unseen}}
        {{>withheld}}
        {{>busiest}}
        {{>flapping}}
        {{>groups}}
        {{>runs}}
        {{/hasRuns}}{{/content}}{{/frame}}
        """

    /// The key figures.
    static let overview = """
        <section aria-labelledby="overview">
        <h2 id="overview">At a glance</h2>
        {{>tiles}}
        </section>

        """

    /// The charts over time and their figures.
    static let charts = """
        <section aria-labelledby="time">
        <h2 id="time">Over time</h2>
        <p class="intro">{{periodsIntro}}</p>
        <div class="charts">
        {{#timeCharts}}
        {{>chart}}
        {{/timeCharts}}
        </div>
        <details class="figures">
        <summary>The figures of these charts as a table</summary>
        <table class="stack" role="table">
        <caption class="hidden">Runs, changes, drift and members in each period</caption>
        <thead role="rowgroup"><tr role="row">{{#periodHeads}}<th role="columnheader" scope="col"{{#.isNumber}} class="number"{{/.isNumber}}>{{label}}</th>{{/periodHeads}}</tr></thead>
        <tbody role="rowgroup">
        {{#periodRows}}
        <tr role="row"><th role="rowheader" scope="row">{{head}}</th>{{#cells}}<td role="cell" data-label="{{label}}"{{#.isNumber}} class="number"{{/.isNumber}}>{{text}}</td>{{/cells}}</tr>
        {{/periodRows}}
        </tbody>
        </table>
        </details>
        </section>

        """

    /// One chart: labels in HTML, which keep their size, around a drawing that stretches.
    static let chart = """
        <figure class="chart">
        <figcaption><h3>{{title}}</h3><p>{{caption}}</p></figcaption>
        <ul class="legend" aria-hidden="true">{{#legend}}<li class="{{mark}}">{{text}}</li>{{/legend}}</ul>
        <div class="plot">
        <div class="scale" aria-hidden="true">{{#scale}}<span>{{.}}</span>{{/scale}}</div>
        <svg viewBox="0 0 {{width}} 100" preserveAspectRatio="none" role="img" aria-labelledby="{{id}}-title {{id}}-desc">
        <title id="{{id}}-title">{{title}}</title><desc id="{{id}}-desc">{{description}}</desc>
        <path class="grid" d="M0 .5H{{width}}M0 50H{{width}}M0 99.5H{{width}}"/>
        {{#area}}<path class="area" d="{{.}}"/>{{/area}}{{#line}}<path class="line" d="{{.}}"/>{{/line}}
        {{#columns}}<g><title>{{title}}</title><rect class="hit" x="{{x}}" y="0" width="10" height="100"/>{{#bars}}<rect class="{{mark}}" x="{{x}}" y="{{y}}" width="{{width}}" height="{{height}}"/>{{/bars}}</g>{{/columns}}
        </svg>
        <div class="times" aria-hidden="true">{{#times}}<span>{{.}}</span>{{/times}}</div>
        </div>
        </figure>

        """
}
