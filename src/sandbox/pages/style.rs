//! How the hosted pages look: quiet, in light and in dark.

pub const STYLE: &str = "
:root { color-scheme: light dark; --ground: #f6f6f4; --sheet: #fff; --ink: #1c1c1a;
  --faint: #62625c; --line: #deded8; --accent: #1f5f4a; --on-accent: #fff;
  --bad: #a3261b; --bad-ground: #fbeceb; --good: #1f5f4a; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #161615; --sheet: #1f1f1d; --ink: #ededea; --faint: #a5a59d;
    --line: #3a3a36; --accent: #8fd0b8; --on-accent: #10241d;
    --bad: #ffb4ab; --bad-ground: #3b1f1c; --good: #8fd0b8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
main.wide { max-width: 72rem; }
.badge { display: inline-block; margin: 0 0 1rem; padding: .15rem .6rem; font-size: .85rem;
  border: 1px solid var(--line); border-radius: 1rem; color: var(--faint); }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
section { background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem;
  padding: 1.1rem; margin: 0 0 1rem; }
p { margin: 0 0 .75rem; }
p:last-child { margin-bottom: 0; }
.faint { color: var(--faint); font-size: .9rem; }
.price { font-size: 1.6rem; font-weight: 600; margin: 0 0 .25rem; }
.alert { color: var(--bad); background: var(--bad-ground); border-radius: .4rem;
  padding: .6rem .8rem; margin: 0 0 1rem; }
.done { color: var(--good); }
label { display: block; font-size: .9rem; margin: 0 0 .75rem; }
input { display: block; width: 100%; margin-top: .25rem; padding: .55rem .65rem; font: inherit;
  color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: .4rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1rem; border-radius: .4rem; cursor: pointer;
  border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); }
button.quiet { background: transparent; color: inherit; border-color: var(--line); font-weight: 400; }
button.small { padding: .2rem .6rem; font-size: .85rem; }
form { margin: 0; }
form.wide button { width: 100%; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.row form { margin: 0; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .5rem; }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line);
  vertical-align: top; overflow-wrap: normal; }
th { font-weight: 500; color: var(--faint); }
.amount { text-align: right; white-space: nowrap; }
ul { padding-left: 1.1rem; margin: 0; }
";
