"""How the report looks: on paper, on a phone, at night."""

STYLE = """
:root{--ink:#1d2b24;--paper:#fbfaf6;--card:#fff;--leaf:#1f6f4a;--leaf-dark:#16543a;--sky:#1c5d99;
--beet:#a3224a;--wheat:#f2b84b;--wheat-edge:#9a6b00;--line:#dcdad2;--soft:#5a665f;
color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);border-top:8px solid var(--leaf);
font:17px/1.5 "Atkinson Hyperlegible",system-ui,sans-serif}
main,footer{max-width:1040px;margin:0 auto;padding:0 16px}
header{max-width:1040px;margin:0 auto;padding:24px 16px 0}
.kicker{color:var(--leaf-dark);font-weight:700;margin:0 0 8px}
h1{font-size:29px;line-height:1.2;margin:0 0 24px;max-width:24em;text-wrap:balance}
h2{font-size:24px;line-height:1.25;color:var(--leaf-dark);margin:0 0 4px}
h3{font-size:20px;line-height:1.3;margin:32px 0 4px}
p{max-width:68ch;margin:0 0 16px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:24px;
margin:0 0 24px;box-shadow:0 1px 3px rgba(29,43,36,.07)}
.figures{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:0 0 24px;padding:0;
list-style:none}
.figures li{background:var(--card);border:1px solid var(--line);border-radius:10px;
padding:12px 16px;display:flex;flex-direction:column}
.figures b{font-size:29px;line-height:1.15;font-variant-numeric:tabular-nums}
.figures small{font-size:15px;color:var(--soft)}
.side{display:grid;grid-template-columns:minmax(0,420px) minmax(0,1fr);gap:32px;align-items:start}
.side>div{overflow-x:auto}
svg.bars{width:100%;height:auto;display:block;max-width:420px}
svg .label{font-size:14.5px;fill:var(--ink)}
svg .value{font-size:13.5px;fill:var(--ink);font-variant-numeric:tabular-nums}
svg .ground{fill:var(--line);opacity:.45}
svg .before{fill:var(--wheat);stroke:var(--wheat-edge)}
svg .after,svg .one{fill:var(--leaf)}
.key{display:flex;gap:24px;margin:0 0 12px;font-size:15px}
.key i{display:inline-block;width:14px;height:14px;border-radius:3px;margin-right:8px;
vertical-align:-2px}
.key .before{background:var(--wheat);outline:1px solid var(--wheat-edge)}
.key .after{background:var(--leaf)}
table{border-collapse:collapse;width:100%;font-size:15px;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:0 0 4px}
th,td{padding:4px 8px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}
th:first-child,td:first-child{text-align:left;padding-left:0;overflow-wrap:anywhere}
td.words,th.words{text-align:left}
thead th{color:var(--soft);font-weight:700}
tbody th{font-weight:400}
.ok{color:var(--leaf-dark);font-weight:700;white-space:nowrap}
.limit{margin:0 0 8px}
code{font-family:ui-monospace,monospace;font-size:14px;overflow-wrap:anywhere}
footer{padding-bottom:48px;color:var(--soft)}
@media (max-width:820px){.side{grid-template-columns:minmax(0,1fr);gap:16px}
.figures{grid-template-columns:repeat(2,1fr)}section{padding:16px}h1{font-size:24px}
h2{font-size:20px}h3{font-size:18px}.figures b{font-size:24px}}
@media (prefers-color-scheme:dark){:root{--ink:#e9ece7;--paper:#141a17;--card:#1b231f;
--leaf:#5fbf90;--leaf-dark:#8fd6b3;--sky:#8fc2f0;--beet:#f19ab4;--wheat:#f2b84b;--wheat-edge:#f2b84b;--line:#38433d;
--soft:#aab5ae}}
@media print{body{background:#fff;font-size:12px}section,.figures li{box-shadow:none;
break-inside:avoid}}
"""
