extension PageTemplates {
    /// The plan page.
    static let planPage = """
        {{<frame}}{{$content}}<section aria-labelledby="overview">
        <h2 id="overview">At a glance</h2>
        {{>tiles}}
        </section>
        <section aria-labelledby="groups">
        <h2 id="groups">Groups</h2>
        <p class="intro">{{groupsIntro}}</p>
        {{#hasGroups}}
        <table class="stack counts" role="table">
        <caption class="hidden">Number of planned changes in each group</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Group</th><th role="columnheader" scope="col" class="number">Add</th><th role="columnheader" scope="col" class="number">Promote</th><th role="columnheader" scope="col" class="number">Demote</th><th role="columnheader" scope="col" class="number">Remove</th><th role="columnheader" scope="col" class="number">Blocked</th><th role="columnheader" scope="col" class="state-head">State</th></tr></thead>
        <tbody role="rowgroup">
        {{#counts}}
        <tr role="row"><th role="rowheader" scope="row">{{#.id}}<a href="#{{.}}">{{/.id}}<bdi>{{name}}</bdi>{{#.id}}</a>{{/.id}}</th>{{#cells}}{{>count}}{{/cells}}{{#held}}{{>count}}{{/held}}<td role="cell" data-label="State" class="state">{{#.state}}<span class="badge {{mark}}">{{.}}</span>{{/.state}}</td></tr>
        {{/counts}}
        </tbody>
        </table>
        {{#groups}}
        {{>planned-group}}
        {{/groups}}
        {{#.more}}<p class="more">{{.}}</p>{{/.more}}
        {{/hasGroups}}
        </section>
        {{/content}}{{/frame}}
        """

    /// One figure of the table of groups.
    static let count =
        "<td role=\"cell\" data-label=\"{{label}}\" class=\"number{{#isZero}} zero{{/isZero}}\">{{text}}</td>"

    /// A person in a row.
    static let plannedPerson =
        "{{#.person}}<bdi>{{.}}</bdi> {{/.person}}{{#.number}}<span class=\"phone\">{{.}}</span>{{/.number}}"

    /// One group with everything that is planned in it.
    static let plannedGroup = """
        <details class="planned" id="{{id}}" open>
        <summary><h3><bdi>{{name}}</bdi></h3></summary>
        <p class="place">{{place}}</p>
        <ul class="remarks">{{#remarks}}<li><span class="badge {{mark}}">{{word}}</span> {{#message}}{{>passage}}{{/message}}</li>{{/remarks}}</ul>
        {{#hasRows}}
        <table class="stack" role="table">
        <caption class="hidden">Planned changes in this group</caption>
        <colgroup><col class="what"><col class="who"><col></colgroup>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">What</th><th role="columnheader" scope="col">Who</th><th role="columnheader" scope="col">Why</th></tr></thead>
        <tbody role="rowgroup">
        {{#rows}}
        <tr role="row"><th role="rowheader" scope="row"><span class="badge {{mark}}">{{word}}</span></th><td role="cell" data-label="Who">{{#people}}<p>{{>planned-person}}</p>{{/people}}{{#.crowd}}{{count}}{{/.crowd}}</td><td role="cell" data-label="Why">{{#.source}}<span class="source">{{.}}</span> {{/.source}}{{#.reason}}{{>passage}}{{/.reason}}{{#.remedy}}<small class="remedy">{{>passage}}</small>{{/.remedy}}{{#.crowd}}<ul class="crowd">{{#people}}<li>{{>planned-person}}</li>{{/people}}{{#.more}}<li>{{.}}</li>{{/.more}}</ul>{{/.crowd}}</td></tr>
        {{/rows}}
        </tbody>
        </table>
        {{/hasRows}}
        {{>more}}
        </details>

        """
}
