/** The look of all pages: one column, system fonts, light and dark after the reader's setting. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f1ec, #17191d);
  --card: light-dark(#ffffff, #202329);
  --ink: light-dark(#1f2328, #eceae6);
  --quiet: light-dark(#5a6068, #a9adb4);
  --line: light-dark(#8b9098, #6d727b);
  --accent: light-dark(#2f4f8f, #a9c3ff);
  --on-accent: light-dark(#ffffff, #10131a);
  --alert: light-dark(#a3261b, #ffb4a8);
  --alert-ground: light-dark(#fdecea, #3a1f1c);
  --banner: light-dark(#5b3a00, #ffdca3);
  --banner-ground: light-dark(#ffe7bf, #3d2c0c);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
  display: grid;
  grid-template-rows: auto 1fr;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
.banner {
  margin: 0;
  padding: .5rem 1rem;
  text-align: center;
  font-size: .875rem;
  color: var(--banner);
  background: var(--banner-ground);
}
main {
  align-self: start;
  justify-self: center;
  width: min(26rem, calc(100vw - 2rem));
  margin: clamp(1.5rem, 12vh, 7rem) 0 2rem;
  padding: 2rem;
  background: var(--card);
  border-radius: .875rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / .12), 0 12px 32px rgb(0 0 0 / .10);
}
.realm { margin: 0; color: var(--quiet); font-size: .875rem; overflow-wrap: anywhere; }
h1 { margin: .25rem 0 1.5rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; text-wrap: balance; }
.field { margin-bottom: 1.125rem; }
label { display: block; margin-bottom: .375rem; font-weight: 550; }
input:not([type=hidden]) {
  display: block;
  width: 100%;
  padding: .625rem .75rem;
  font: inherit;
  color: inherit;
  background: transparent;
  border: 1px solid var(--line);
  border-radius: .5rem;
}
input[readonly] { border-style: dashed; color: var(--quiet); }
input[aria-invalid=true] { border-color: var(--alert); }
button {
  width: 100%;
  margin-top: .375rem;
  padding: .75rem 1rem;
  font: inherit;
  font-weight: 600;
  color: var(--on-accent);
  background: var(--accent);
  border: 0;
  border-radius: .5rem;
  cursor: pointer;
}
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
.quiet { display: inline-block; margin-top: .375rem; font-size: .875rem; }
.note { color: var(--quiet); }
.problem {
  margin: 0 0 1.25rem;
  padding: .625rem .75rem;
  color: var(--alert);
  background: var(--alert-ground);
  border-radius: .5rem;
}
`
