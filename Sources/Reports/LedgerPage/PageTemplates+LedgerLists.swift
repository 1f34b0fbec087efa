extension PageTemplates {
    /// The people who could not be added.
    static let people = """
        <section aria-labelledby="missing">
        <h2 id="missing">Could not be added</h2>
        <p class="intro">{{absences.intro}}</p>
        {{#absences.hasRows}}
        <table class="stack missing" role="table">
        <caption class="hidden">People who could not be added to a group, longest wait first</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Person</th><th role="columnheader" scope="col">Group</th><th role="columnheader" scope="col">Since</th><th role="columnheader" scope="col" class="number">Tries</th><th role="columnheader" scope="col">Why</th></tr></thead>
        <tbody role="rowgroup">
        {{#absences.rows}}
        <tr role="row"><th role="rowheader" scope="row">{{#.person}}{{.}} {{/.person}}<span class="phone">{{phone}}</span></th><td role="cell" data-label="Group">{{group}}</td><td role="cell" data-label="Since" class="keep">{{since}}<small>{{age}}</small></td><td role="cell" data-label="Tries" class="number">{{tries}}</td><td role="cell" data-label="Why"><b>{{kind}}:</b> {{#message}}{{>passage}}{{/message}}</td></tr>
        {{/absences.rows}}
        </tbody>
        </table>
        {{/absences.hasRows}}
        {{#absences}}{{>more}}{{/absences}}
        </section>

        """

    /// Blocked removals and demotions, then all holds by kind.
    static let withheld = """
        <section aria-labelledby="withheld">
        <h2 id="withheld">Blocked removals and demotions</h2>
        <p class="intro">{{withheld.intro}}</p>
        {{#withheld.hasRows}}
        <table class="stack withheld" role="table">
        <caption class="hidden">Groups with blocked removals or demotions</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Group</th><th role="columnheader" scope="col">State</th><th role="columnheader" scope="col" class="number">People</th><th role="columnheader" scope="col">When</th><th role="columnheader" scope="col">Why</th></tr></thead>
        <tbody role="rowgroup">
        {{#withheld.rows}}
        <tr role="row"><th role="rowheader" scope="row">{{group}}</th><td role="cell" data-label="State"><span class="badge {{mark}}">{{state}}</span></td><td role="cell" data-label="People" class="number">{{people}}</td><td role="cell" data-label="When" class="keep">{{when}}<small>{{runs}}</small></td><td role="cell" data-label="Why">{{#reasons}}<p>{{>passage}}</p>{{/reasons}}</td></tr>
        {{/withheld.rows}}
        </tbody>
        </table>
        {{/withheld.hasRows}}
        {{#withheld}}{{>more}}{{/withheld}}
        {{#hasHeldKinds}}
        <h3>Blocked or always kept, and why</h3>
        <dl class="kinds">
        {{#heldKinds}}
        <div><dt><span class="number">{{count}}</span> {{kind}}</dt><dd>{{meaning}}</dd></div>
        {{/heldKinds}}
        </dl>
        {{/hasHeldKinds}}
        </section>

        """

    /// The groups with the most changes.
    static let busiest = """
        <section aria-labelledby="busiest">
        <h2 id="busiest">Busiest groups</h2>
        <p class="intro">{{busiest.intro}}</p>
        {{#busiest.hasRows}}
        <ul class="legend" aria-hidden="true"><li class="add">added</li><li class="promote">promoted</li><li class="demote">demoted</li><li class="remove">removed</li></ul>
        <table class="stack busiest" role="table">
        <caption class="hidden">The groups with the most changes</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Group</th><th role="columnheader" scope="col" class="number">Changes</th><th role="columnheader" scope="col"><span class="hidden">Share of each kind</span></th><th role="columnheader" scope="col" class="number">Added</th><th role="columnheader" scope="col" class="number">Promoted</th><th role="columnheader" scope="col" class="number">Demoted</th><th role="columnheader" scope="col" class="number">Removed</th></tr></thead>
        <tbody role="rowgroup">
        {{#busiest.rows}}
        <tr role="row"><th role="rowheader" scope="row">{{group}}</th><td role="cell" data-label="Changes" class="number">{{total}}</td><td role="cell" class="wide"><svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img"><title>{{title}}</title>{{#bars}}<rect class="{{mark}}" x="{{x}}" y="{{y}}" width="{{width}}" height="{{height}}"/>{{/bars}}</svg></td><td role="cell" data-label="Added" class="number">{{adds}}</td><td role="cell" data-label="Promoted" class="number">{{promotes}}</td><td role="cell" data-label="Demoted" class="number">{{demotes}}</td><td role="cell" data-label="Removed" class="number">{{removes}}</td></tr>
        {{/busiest.rows}}
        </tbody>
        </table>
        {{/busiest.hasRows}}
        {{#busiest}}{{>more}}{{/busiest}}
        </section>

        """

    /// The groups with people changed back and forth.
    static let flapping = """
        <section aria-labelledby="flapping">
        <h2 id="flapping">Flapping groups</h2>
        <p class="intro">{{flapping.intro}}</p>
        {{#flapping.hasRows}}
        <table class="stack flapping" role="table">
        <caption class="hidden">Groups in which the same people are added and removed, or promoted and demoted, again and again</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Group</th><th role="columnheader" scope="col" class="number">Changes</th><th role="columnheader" scope="col">People</th></tr></thead>
        <tbody role="rowgroup">
        {{#flapping.rows}}
        <tr role="row"><th role="rowheader" scope="row">{{group}}</th><td role="cell" data-label="Changes" class="number">{{turns}}</td><td role="cell" data-label="People">{{#people}}<p>{{#.person}}<b>{{.}}</b> {{/.person}}<span class="phone">{{phone}}</span> {{turns}}</p>{{/people}}{{>more}}</td></tr>
        {{/flapping.rows}}
        </tbody>
        </table>
        {{/flapping.hasRows}}
        {{#flapping}}{{>more}}{{/flapping}}
        </section>

        """

    /// Every group with its size and drift over time.
    static let groups = """
        <section aria-labelledby="groups">
        <h2 id="groups">Every group</h2>
        <p class="intro">{{groups.intro}}</p>
        {{#groups.hasRows}}
        <table class="groups" role="table">
        <caption class="hidden">Size and drift of every group over time</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Group</th><th role="columnheader" scope="col" colspan="2">Members</th><th role="columnheader" scope="col" colspan="2">Drift</th><th role="columnheader" scope="col">When last read</th></tr></thead>
        <tbody role="rowgroup">
        {{#groups.rows}}
        <tr role="row"><th role="rowheader" scope="row">{{name}}<small class="id">{{place}}</small></th><td role="cell" class="number"><span class="label">Members</span>{{size}}<small>{{growth}}</small></td><td role="cell" class="spark"><svg viewBox="0 0 {{width}} 24" preserveAspectRatio="none" role="img"><title>{{sizeTitle}}</title><path class="line" d="{{sizeLine}}"/></svg></td><td role="cell" class="number"><span class="label">Drift</span>{{drift}}<small>{{peak}}</small></td><td role="cell" class="spark"><svg viewBox="0 0 {{width}} 24" preserveAspectRatio="none" role="img"><title>{{driftTitle}}</title><path class="grid" d="M0 23.5H{{width}}"/><path class="drift" d="{{driftBars}}"/></svg></td><td role="cell" class="state"><span class="badge {{mark}}">{{state}}</span><small>{{seen}}</small>{{#.error}}<small class="error">{{.}}</small>{{/.error}}</td></tr>
        {{/groups.rows}}
        </tbody>
        </table>
        {{/groups.hasRows}}
        {{#groups}}{{>more}}{{/groups}}
        </section>

        """
}
