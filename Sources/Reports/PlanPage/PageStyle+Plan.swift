extension PageStyle {
    /// The style of the plan page.
    static let plan = PageStyle(
        rules: """
            .planned h3{margin:0;display:inline}
            .planned{margin-top:2rem;border-top:1px solid var(--line);padding-top:1.25rem}
            .planned summary{font-size:1.0625rem}
            .planned .place{display:block;margin:.125rem 0 0 1.125rem;color:var(--faint);font-size:.8125rem}
            .planned .remarks{margin:.75rem 0 0;padding:0;list-style:none}
            .planned .remarks li{margin-top:.375rem}
            .planned table{margin-top:.75rem;table-layout:fixed}
            .planned thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
            .planned tr:last-child>*{border-bottom:0}
            .planned col.what{width:11rem}
            .planned col.who{width:16rem}
            .planned col.where{width:16rem}
            .planned td,.planned th{overflow-wrap:anywhere}
            .planned tbody th{font-weight:400}
            .planned .source{color:var(--faint)}
            .planned .remedy{margin-top:.125rem}
            .planned .remarks .badge{font-weight:600}
            .crowd{margin:.5rem 0 0;padding:0;list-style:none;columns:11rem auto;column-gap:1.5rem}
            .crowd li{break-inside:avoid}
            thead .state-head{padding-left:1rem}
            .counts .number{width:6.5rem}
            .counts .zero{color:var(--faint)}
            .counts .state{width:9rem;padding-left:1rem}
            """,
        adaptations: """
            @media (max-width:44rem){
            .planned table{table-layout:auto}
            .planned tr:last-child{border-bottom:0}
            .planned .place,.planned td .remedy{margin-left:0}
            .planned td .remedy{display:block}
            .counts tr{display:grid;grid-template-columns:repeat(5,1fr);gap:.125rem .5rem}
            .counts th{grid-column:1/-1}
            .counts td.number{padding:0;width:auto}
            .counts td::before{position:static;display:block;line-height:1.4}
            .counts td.state{grid-column:1/-1;width:auto;padding:0}
            .counts td.state::before,.counts td.state:empty{content:none;display:none}
            }
            @media print{
            .planned summary{list-style:none}
            summary{break-after:avoid}
            }

            """)
}
