import Crypto
import Foundation

/// A page's style sheet: rules for all pages, then rules for this one.
struct PageStyle {
    /// The style sheet.
    let text: String

    /// The digest that lets the page's content security policy accept this style sheet only.
    var source: String { "sha256-\(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())" }

    /// Adds a page's rules; `adaptations` are those for small windows and print.
    init(rules: String, adaptations: String) {
        text = Self.colours + Self.rules + Self.marks + rules + Self.adaptations + adaptations
    }

    /// Light and dark colours; the contrast is at least 4.5 to 1 for text, 3 to 1 for marks.
    private static let colours = """

        :root{color-scheme:light dark;--ground:#fff;--raised:#f6f7f9;--text:#1c2127;--faint:#59636e;--line:#d5dae0;--grid:#e4e8ec;--link:#0b5c8a;
        --succeeded:#2e7d5b;--withheld:#b27a12;--incomplete:#c4581c;--failed:#b3261e;--interrupted:#6b7580;--stale:#7a57b8;--running:#2c6cb5;
        --add:#2e7d5b;--promote:#5f9fd0;--demote:#c79a3a;--remove:#b3483c;--called:#3f78a8;--members:#3f78a8;--area:#3f78a822}
        @media (prefers-color-scheme:dark){:root{--ground:#13171b;--raised:#1b2127;--text:#e3e8ed;--faint:#9da8b3;--line:#343d46;--grid:#262e36;--link:#7fbfe8;
        --succeeded:#55b38a;--withheld:#d6a545;--incomplete:#e8935a;--failed:#f0837b;--interrupted:#8f9aa5;--stale:#b294e6;--running:#6fabe6;
        --add:#55b38a;--promote:#5f9fd0;--demote:#d6b366;--remove:#e07f74;--called:#6fa8d6;--members:#6fa8d6;--area:#6fa8d626}}

        """

    private static let rules = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
        body{margin:0 auto;padding:2.5rem 1.5rem 4rem;max-width:76rem;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
        a{color:var(--link);text-underline-offset:.2em}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        main:focus{outline:0}
        .skip{position:absolute;left:-999rem;top:.5rem;padding:.5rem 1rem;background:var(--ground);z-index:1}
        .skip:focus{left:.5rem}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        h1,h2,h3{line-height:1.25;margin:0;font-weight:600}
        h1{font-size:1.875rem;letter-spacing:-.01em}
        h2{font-size:1.375rem}
        h3{font-size:1rem}
        .lead{font-size:1.125rem;margin:.5rem 0 0}
        .note,.intro,.more{color:var(--faint)}
        .note{margin:.25rem 0 0}
        .intro{margin:.375rem 0 1.25rem;max-width:46rem;text-wrap:pretty}
        .more{margin:1rem 0 0}
        section{margin-top:3.5rem}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:1.5rem 0 0;padding:.75rem 0 0;border-top:1px solid var(--line);list-style:none}
        nav a{display:inline-block;padding:.25rem 0}
        footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--faint);font-size:.875rem}
        .tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:1rem;margin:1.25rem 0 0}
        .tile{padding:1rem 1.125rem;background:var(--raised);border-radius:.5rem;border-left:4px solid var(--line)}
        .tile.withheld{border-color:var(--withheld)}
        .tile.incomplete{border-color:var(--incomplete)}
        .tile.failed{border-color:var(--failed)}
        .tile dt{color:var(--faint);font-size:.875rem}
        .tile dd{margin:0}
        .tile .figure{font-size:1.625rem;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
        .tile .remark{color:var(--faint);font-size:.875rem}
        .badge::before{content:"";display:inline-block;width:.625rem;height:.625rem;margin-right:.375rem;border-radius:2px;background:var(--mark)}
        summary{cursor:pointer}
        table{width:100%;border-collapse:collapse;font-size:.9375rem}
        th,td{text-align:left;vertical-align:top;padding:.5rem 1rem .5rem 0;border-bottom:1px solid var(--line)}
        th:last-child,td:last-child{padding-right:0}
        thead th{color:var(--faint);font-size:.8125rem;font-weight:500;white-space:nowrap}
        tbody th{font-weight:600}
        td p{margin:0 0 .25rem}
        .number{font-variant-numeric:tabular-nums;text-align:right}
        td.number{white-space:nowrap}
        code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        .keep{white-space:nowrap}
        small{display:block;color:var(--faint);font-size:.8125rem;font-weight:400}
        .phone{font-weight:400;white-space:nowrap;font-variant-numeric:tabular-nums}
        .badge{white-space:nowrap}
        section h3{margin-top:2rem}
        .id{font-variant-numeric:tabular-nums}

        """

    /// The colour for each CSS class.
    private static let marks = [
        "succeeded", "withheld", "incomplete", "failed", "interrupted", "stale", "running", "add", "promote", "demote",
        "remove", "called", "members",
    ].map { ".\($0){--mark:var(--\($0))}\n" }.joined()

    private static let adaptations = """
        @media (max-width:44rem){
        body{padding:1.5rem 1rem 3rem}
        h1{font-size:1.625rem}
        section{margin-top:2.75rem}
        .tiles{grid-template-columns:1fr 1fr;gap:.625rem}
        .tile{padding:.75rem .875rem}
        .tile .figure{font-size:1.25rem}
        .stack,.stack tbody,.stack tr,.stack th,.stack td{display:block;border:0;padding:0}
        .stack thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        .stack tr{padding:.75rem 0;border-bottom:1px solid var(--line)}
        .stack td{position:relative;padding-left:5.5rem;text-align:left}
        .stack td::before{content:attr(data-label);position:absolute;left:0;color:var(--faint);font-size:.8125rem;line-height:1.8}
        .stack td small{display:inline-block;margin-left:.5rem}
        .stack .keep{white-space:normal}
        }
        @media (forced-colors:active){.badge::before,.tile{forced-color-adjust:none}}
        @media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
        @media print{
        :root{--ground:#fff;--raised:#fff;--text:#000;--faint:#444;--line:#bbb;--grid:#ddd;--link:#000;--succeeded:#2e7d5b;--withheld:#b27a12;--incomplete:#c4581c;--failed:#b3261e;--interrupted:#6b7580;--stale:#7a57b8;--running:#2c6cb5;--add:#2e7d5b;--promote:#5f9fd0;--demote:#c79a3a;--remove:#b3483c;--called:#3f78a8;--members:#3f78a8;--area:#3f78a822;color-scheme:light}
        @page{margin:16mm 14mm}
        body{padding:0;max-width:none;font-size:10pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
        nav,.skip{display:none}
        section{margin-top:1.5rem}
        h2,h3,.intro{break-after:avoid}
        thead{break-after:avoid}
        tbody tr:first-child{break-before:avoid}
        .tile{border:1px solid var(--line);border-left-width:4px;padding:.5rem .75rem}
        tr,.tile{break-inside:avoid}
        a{text-decoration:none}
        }

        """
}
