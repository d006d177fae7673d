/** The style of `/docs`, light and dark. */
export const docsStyle = `:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--paper:#f6f4ef;--card:#fff;--line:#e3dfd5;--accent:#7a2e3a}
@media(prefers-color-scheme:dark){:root{--ink:#ece8df;--soft:#a6adb8;--paper:#14171c;--card:#1d2229;--line:#2e353f;--accent:#e08c99}}
*{box-sizing:border-box}html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.6 system-ui,sans-serif;display:grid;grid-template-columns:18rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1rem 1.5rem 1.5rem;border-right:1px solid var(--line);font-size:.87rem}
nav ul{list-style:none;padding:0;margin:.6rem 0}nav ul ul{padding-left:.8rem;margin:.1rem 0 .8rem}nav a{color:inherit;text-decoration:none}nav ul ul a{color:var(--soft)}nav a:hover{color:var(--accent)}
main{padding:1.5rem 2.5rem 6rem;max-width:62rem}a{color:var(--accent)}h1{font-size:1.7rem;margin:0 0 .5rem}h2{font-size:1.25rem;margin:2.8rem 0 .8rem}
article{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.4rem 1.1rem;margin:0 0 1rem}
h3{font-size:1rem;margin:0;font-weight:600;overflow-wrap:anywhere}h4{margin:.9rem 0 .25rem;font-size:.85rem;color:var(--soft)}p{margin:.4rem 0}
.m{display:inline-block;min-width:4.3rem;text-align:center;border-radius:6px;padding:.05rem .4rem;font-size:.78rem;color:#fff;background:#4a5568}.get{background:#2b6cb0}.post{background:#2f7d4f}.put,.patch{background:#9a6414}.delete{background:#a52f3a}
.s{color:var(--ink)}.w{float:right;color:var(--soft);font-size:.8rem;border:1px solid var(--line);border-radius:99px;padding:0 .6rem}
.t{color:var(--accent);font-size:.88em}.d{color:var(--soft);font-size:.9em}.o{margin:.1rem 0 .2rem;padding-left:1.1rem;list-style:none;border-left:2px solid var(--line)}
td code{overflow-wrap:anywhere}table{border-collapse:collapse;width:100%;font-size:.9em}th{text-align:left;font-weight:600;font-size:.8rem;color:var(--soft);padding:.2rem .6rem .2rem 0}.e{color:var(--soft);overflow-wrap:anywhere}td{padding:.3rem .6rem .3rem 0;vertical-align:top;border-top:1px solid var(--line)}
code,pre{font:.92em ui-monospace,monospace}pre{overflow:auto;max-height:26rem;background:var(--paper);border:1px solid var(--line);padding:.8rem;border-radius:8px}details{margin-top:.6rem}summary{cursor:pointer;width:fit-content;color:var(--soft);font-size:.88rem}
@media(max-width:60rem){body{display:block}nav{position:static;height:auto;max-height:50vh;border:0;border-bottom:1px solid var(--line)}main{padding:1rem .8rem}article{padding:.9rem}article,details{overflow-x:auto}.w{float:none}}`
