extension PageTemplates {
    /// The groups in which nothing can be changed; nothing where there is none.
    static let failing = """
        {{#failing.hasRows}}
        <section aria-labelledby="failing">
        <h2 id="failing">Groups that fail every night</h2>
        <p class="intro">{{failing.intro}}</p>
        <table class="stack failing" role="table">
        <caption class="hidden">Groups in which changes failed on three nights in a row or more</caption>
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

    /// What the gateway took and cannot show yet; nothing where there is none.
    static let unseen = """
        {{#unseen.hasRows}}
        <section aria-labelledby="unseen">
        <h2 id="unseen">Taken by the gateway, not seen yet</h2>
        <p class="intro">{{unseen.intro}}</p>
        <table class="stack unseen" role="table">
        <caption class="hidden">Changes that the gateway took and that no member list shows yet, the oldest first</caption>
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
