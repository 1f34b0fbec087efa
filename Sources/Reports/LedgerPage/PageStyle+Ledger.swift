extension PageStyle {
    /// The style of the ledger page: charts, and runs that unfold.
    static let ledger = PageStyle(
        rules: """
            .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:2.5rem 3rem}
            .chart{margin:0;min-width:0}
            figcaption p{margin:.125rem 0 0;color:var(--faint);font-size:.875rem}
            .legend{display:flex;flex-wrap:wrap;gap:.125rem 1rem;min-height:1.25rem;margin:.5rem 0;padding:0;list-style:none;font-size:.8125rem;color:var(--faint)}
            .legend li::before{content:"";display:inline-block;width:.625rem;height:.625rem;margin-right:.375rem;border-radius:2px;background:var(--mark)}
            .plot{display:grid;grid-template-columns:auto 1fr;gap:.25rem .5rem}
            .plot svg{width:100%;height:11rem;display:block}
            .scale,.times{display:flex;justify-content:space-between;color:var(--faint);font-size:.75rem;font-variant-numeric:tabular-nums}
            .scale{flex-direction:column;text-align:right;margin:-.5625rem 0}
            .times{grid-column:2}
            .grid{stroke:var(--grid);stroke-width:1;vector-effect:non-scaling-stroke;fill:none}
            rect{fill:var(--mark)}
            .hit{fill:transparent}
            g:hover .hit{fill:var(--grid)}
            .area{fill:var(--area)}
            .line{fill:none;stroke:var(--members);stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
            .drift{fill:none;stroke:var(--called);stroke-width:3}
            .figures{margin-top:1.5rem}
            .kinds .number{text-align:left}
            .label{display:none}
            .stack.withheld td:last-child{width:42%}
            .kinds{margin:.75rem 0 0;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:.75rem 2rem}
            .kinds dt{font-weight:600}
            .kinds dd{margin:0;color:var(--faint);font-size:.9375rem}
            .chart h3{margin-top:0}
            .bar{display:block;width:100%;min-width:8rem;height:.75rem;margin-top:.375rem}
            td.wide{width:32%;padding-right:2rem}
            .groups th,.groups td{padding-top:.375rem;padding-bottom:.375rem}
            .groups .spark{width:15%}
            .spark svg{display:block;width:100%;min-width:7rem;height:1.75rem;margin-top:.375rem}
            .state small{white-space:nowrap}
            .state .error{max-width:22rem;white-space:normal}
            .runs{border-top:1px solid var(--line);margin-top:.5rem}
            .runs details{border-bottom:1px solid var(--line)}
            .runs summary{display:grid;grid-template-columns:1rem 7.5rem 4rem 7rem 1fr;gap:0 .75rem;padding:.375rem 0;font-size:.9375rem;list-style:none}
            .runs summary::-webkit-details-marker{display:none}
            .runs summary::before{content:"▸";color:var(--faint)}
            .runs [open]>summary::before{content:"▾"}
            .moment{font-variant-numeric:tabular-nums;white-space:nowrap}
            .verb,.counts{color:var(--faint)}
            .runs [open]{padding-bottom:1rem}
            .facts{margin:.25rem 0 .75rem 1.75rem;font-size:.875rem}
            .facts div{display:grid;grid-template-columns:6rem 1fr;gap:.75rem}
            .facts dt{color:var(--faint)}
            .facts dd{margin:0;overflow-wrap:anywhere}
            .runs p,.runs ul{margin:0 0 0 1.75rem;font-size:.875rem}
            .runs .of{margin-top:.625rem;font-weight:600}
            .runs .more{margin-top:.75rem}
            .fault b{font-weight:600}
            .runs ul{padding:0;list-style:none}
            .runs li{position:relative;padding-left:4.75rem}
            li b{position:absolute;left:0;font-weight:500}
            .fault{padding-bottom:.25rem}
            li i{font-style:normal;color:var(--faint)}

            """,
        adaptations: """
            @media (max-width:44rem){
            .plot svg{height:9rem}
            .groups,.groups tbody{display:block;border:0;padding:0}
            .groups thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
            .stack.withheld td:last-child{width:auto}
            .busiest tr{display:grid;grid-template-columns:repeat(4,1fr);gap:.25rem .5rem}
            .busiest th,.busiest td.wide{grid-column:1/-1;width:auto}
            .busiest th{grid-column:1/4}
            .busiest td{padding:0}
            .busiest td:nth-child(2){text-align:right}
            .busiest td:nth-child(2)::before{content:none}
            .busiest td::before{position:static;display:block;line-height:1.4}
            .bar{margin:0}
            .groups tr{display:grid;grid-template-columns:8.5rem 1fr;gap:.125rem .75rem;padding:.75rem 0;border-bottom:1px solid var(--line)}
            .groups th,.groups td{border:0;padding:0}
            .groups th,.groups .state{grid-column:1/-1}
            .groups td.number{text-align:left}
            .groups .spark{width:auto}
            .label{display:inline-block;min-width:4.25rem;color:var(--faint);font-size:.8125rem}
            .groups .number small{display:inline;margin-left:.375rem}
            .state small{display:inline;margin-left:.75rem}
            .state .error{display:block;margin-left:0}
            .runs summary{grid-template-columns:1rem 1fr auto;padding:.5rem 0}
            .verb{display:none}
            .counts{grid-column:2/-1}
            .facts,.runs p,.runs ul{margin-left:0}
            .facts div{grid-template-columns:4.75rem 1fr;gap:0}
            }
            @media (forced-colors:active){.legend li::before,rect{forced-color-adjust:none}}
            @media print{
            .figures:not([open]){display:none}
            .legend{break-after:avoid}
            .charts{grid-template-columns:1fr 1fr;gap:1.25rem}
            .plot svg{height:5.25rem}
            .runs summary{padding:.125rem 0;font-size:8.5pt;grid-template-columns:1rem 7rem 3.5rem 6.5rem 1fr}
            figure,.runs details:not([open]){break-inside:avoid}
            }

            """)
}
