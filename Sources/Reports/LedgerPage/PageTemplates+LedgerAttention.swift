extension PageTemplates {
    /// The groups in which no change succeeds; empty if there are none.
    static let failing = """
        {{#failing.hasRows}}
        <section aria-labelledby="failing">
        <h2 id="failing">Groups that fail every night</h2>
        <p class="intro">{{failing.intro}}</p>
        <table class="stack failing" role="table">
        <caption class="hidden">Groups in which changes failed on at least three nights in a row</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Group</th><th role="columnheader" scope="col">Since</th><th role="columnheader" scope="col" class="number">Nights</th></tr></thead>
        <tbody role="rowgroup">
        {{#failing.rows}}
        <tr role="row"><th role="rowheader" scope="row">{{group}}<small class="id">{{place}}</small></th><td role="cell" data-label="Since" class="keep">{{since}}<small>{{age}}</small></td><td role="cell" data-label="Nights" class="number">{{nights}}</td></tr>
        {{/failing.rows}}
        </tbody>
        </table>
        {{#failing}}{{>more}}{{/failing}}
        </section>
        {{/failing.hasRows}}

        """

    /// The changes not confirmed yet; empty if there are none.
    static let unseen = """
        {{#unseen.hasRows}}
        <section aria-labelledby="unseen">
        <h2 id="unseen">Sent, not confirmed yet</h2>
        <p class="intro">{{unseen.intro}}</p>
        <table class="stack unseen" role="table">
        <caption class="hidden">Changes that were sent and are not confirmed yet, oldest first</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Person</th><th role="columnheader" scope="col">Group</th><th role="columnheader" scope="col">Change</th><th role="columnheader" scope="col">Since</th></tr></thead>
        <tbody role="rowgroup">
        {{#unseen.rows}}
        <tr role="row"><th role="rowheader" scope="row">{{#.person}}{{.}} {{/.person}}<span class="phone">{{phone}}</span></th><td role="cell" data-label="Group">{{group}}</td><td role="cell" data-label="Change">{{operation}}</td><td role="cell" data-label="Since" class="keep">{{since}}<small>{{age}}</small></td></tr>
        {{/unseen.rows}}
        </tbody>
        </table>
        {{#unseen}}{{>more}}{{/unseen}}
        </section>
        {{/unseen.hasRows}}

        """
}
