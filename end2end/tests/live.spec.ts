import type { BrowserContext, Locator, Page, Request } from '@playwright/test';

import {
  arrive, createProject, expect, foundOrganization, freshOrganization, hasScript, inspect, newJob, newPerson, putOn, signIn, signUp, teammate, test, visit,
} from '../fixtures';
import { fillSignIn } from '../fixtures/people';

const dot = (page: Page) => page.locator('#live');
const feed = (page: Page) => page.getByRole('region', { name: 'Latest' }).getByRole('listitem');
const figure = (page: Page, label: string) => page.locator('.stat').filter({ has: page.getByRole('heading', { name: label, exact: true }) });
const value = (page: Page, label: string) => figure(page, label).locator('.stat-value');
const ranked = (page: Page, table: string, name: string) =>
  page.getByRole('table', { name: table, exact: true }).getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });

async function sum(cells: Locator): Promise<number> {
  const texts = await cells.allTextContents();
  return texts.reduce((total, text) => total + Number(text.replaceAll(',', '')), 0);
}

/** All that is said of events says the same: the figure, the chart and what was done. */
async function expectEvents(page: Page, count: number): Promise<void> {
  await expect(value(page, 'Events')).toHaveText(String(count));
  expect(await sum(page.getByRole('table', { name: /^Events, last / }).locator('tbody td:nth-of-type(1)'))).toBe(count);
  expect(await sum(page.getByRole('table', { name: 'Events', exact: true }).locator('tbody td'))).toBe(count);
}

const events = async (page: Page) => Number(await value(page, 'Events').textContent());

/** Marks the page, to tell later that it wasn't loaded anew. */
async function mark(page: Page): Promise<void> {
  await page.locator('html').evaluate((root) => root.setAttribute('data-marked', 'true'));
}

async function expectMarked(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-marked', 'true');
}

interface Streams {
  /** How often one was asked for, or why there is none. */
  asked(): number;
  /** How many are open. */
  open(): number;
}

function watchStreams(context: BrowserContext): Streams {
  const open = new Set<Request>();
  let asked = 0;
  context.on('request', (request) => {
    if (!new URL(request.url()).pathname.endsWith('/stream')) return;
    asked += 1;
    if (request.resourceType() === 'eventsource') open.add(request);
  });
  context.on('requestfinished', (request) => open.delete(request));
  context.on('requestfailed', (request) => open.delete(request));
  return {
    asked: () => asked,
    // Of a page that was closed nothing is told.
    open: () => [...open].filter((request) => !request.frame().page().isClosed()).length,
  };
}

/** A fresh organization with a project in it; ends on its overview. */
async function withProject(page: Page): Promise<{ org: string; project: string }> {
  const org = await freshOrganization(page);
  const project = await createProject(page, org, 'Loom');
  return { org, project };
}

test('two people on the overview see each other, and what the other does', async ({ page: ada, someoneElse: grace }) => {
  test.setTimeout(120_000);
  const { org, project } = await withProject(ada);
  const job = await newJob(ada, org);
  await teammate(ada, grace, org);
  await visit(ada, `/app/${org}`);
  await mark(ada);

  await test.step('both are live, and there', async () => {
    for (const page of [ada, grace]) {
      await expect(dot(page)).toHaveText('Live');
      await expect(value(page, 'Active now')).toHaveText('2');
      await expect(figure(page, 'Active now')).toContainText(/Ada, Grace|Grace, Ada/);
      await expect(figure(page, 'Active now').locator('.avatar')).toHaveText([/^(AB|GH)$/, /^(AB|GH)$/]);
    }
  });

  await test.step('one creates a project, and the other sees it', async () => {
    const before = await events(ada);
    await createProject(grace, org, 'Jacquard');
    await expect(feed(ada).first()).toContainText('Grace Hopper created the project Jacquard');
    await expectEvents(ada, before + 1);
    await expect(ranked(ada, 'Events', 'project.created').getByRole('cell')).toHaveText('2');
    await expectMarked(ada);
    await feed(ada).first().getByRole('link', { name: 'Jacquard' }).click();
    await expect(ada.getByRole('heading', { name: 'Jacquard', level: 1 })).toBeVisible();
  });

  await test.step('a deployment by curl is in the feed, the ranking and the chart', async () => {
    await visit(grace, `/app/${org}?range=1h&show=deployments`);
    await expect(dot(grace)).toHaveText('Live');
    await mark(grace);
    const before = await events(grace);
    await expect(grace.getByText('Nothing was deployed in this time.')).toBeVisible();
    const counts = grace.getByRole('table', { name: /^Deployments, last hour$/ }).locator('tbody td:nth-of-type(1)');
    expect(await sum(counts)).toBe(0);
    // From the last minute but one to the one under way.
    const line = grace.locator('.chart path.line.open');
    const drawn = await line.getAttribute('d');
    job.deploy(project, 'Hello from curl');
    await expect(feed(grace).first()).toContainText(/Ada Byron|CI/);
    await expect(feed(grace).first()).toContainText('Loom');
    await expect(ranked(grace, 'Top projects', 'Loom').getByRole('cell')).toHaveText('1');
    await expect.poll(() => sum(counts)).toBe(1);
    await expect(line).not.toHaveAttribute('d', drawn ?? '');
    await expect(value(grace, 'Events')).toHaveText(String(before + 1));
    await expect(value(grace, 'API calls')).toHaveText('1');
    await expect(figure(grace, 'API calls')).toContainText('1 a minute now');
    await expectMarked(grace);
  });
});

/** The exact times that are shown on hover, by the time that each is of. */
async function exactTimes(page: Page): Promise<Record<string, string | null>> {
  const times = await feed(page).locator('time').evaluateAll((all) => all.map((time) => [time.getAttribute('datetime'), time.getAttribute('title')]));
  return Object.fromEntries(times);
}

test('what is told of a happening goes down the feed with it', async ({ page }) => {
  const { org, project } = await withProject(page);
  const job = await newJob(page, org);
  await visit(page, `/app/${org}`);
  await expect(dot(page)).toHaveText('Live');
  const before = await exactTimes(page);
  const count = await feed(page).count();
  job.deploy(project, 'Weave algebra');
  await expect(feed(page)).toHaveCount(count + 1);
  await expect(feed(page).first().getByRole('link', { name: 'production · Loom' })).toHaveAttribute('href', /\/deployments\/dpl_/);
  await expect(feed(page).nth(1).getByRole('link', { name: 'Loom' })).toHaveAttribute('href', project);
  await expect(feed(page).first().locator('time')).toHaveAttribute('title', /./);
  expect(await exactTimes(page)).toMatchObject(before);
});

test('a deployment moves while it is looked at', async ({ page }) => {
  const { org, project } = await withProject(page);
  const job = await newJob(page, org);
  await visit(page, project);
  await expect(dot(page)).toHaveText('Live');
  await mark(page);
  const row = (message: string) => page.getByRole('table', { name: 'Deployments' }).getByRole('row', { name: message });
  const environment = page.getByRole('region', { name: 'Environments' }).getByRole('listitem').filter({ hasText: 'production' });
  let first = '';

  await test.step('the first takes the place of the quick start', async () => {
    await expect(page.getByRole('heading', { name: 'No deployments yet' })).toBeVisible();
    await expect(environment).toContainText('Nothing deployed yet');
    first = job.deploy(project, 'Weave algebra');
    await expect(row('Weave algebra')).toContainText('Queued');
    await expect(environment).toContainText('Queued');
    await expect(page.getByRole('heading', { name: 'No deployments yet' })).toHaveCount(0);
    await expect(page.getByText('From a terminal')).toHaveCount(0);
  });

  await test.step('it moves in the table, under the focus', async () => {
    const link = row('Weave algebra').getByRole('link');
    await link.focus();
    for (const [status, word] of [['building', 'Building'], ['ready', 'Ready']] as const) {
      job.move(first, status);
      await expect(row('Weave algebra')).toContainText(word);
      await expect(environment).toContainText(word);
      await expect(link).toBeFocused();
    }
    job.deploy(project, 'Second weft');
    await expect(row('Second weft')).toContainText('Queued');
    await expect(page.getByRole('table', { name: 'Deployments' }).getByRole('row')).toHaveCount(3);
    await expect(link).toBeFocused();
    await expectMarked(page);
    await page.keyboard.press('Enter');
    await arrive(page, `${project}/deployments/${first}`);
  });

  await test.step('and on its own page', async () => {
    const third = job.deploy(project, 'Third weft');
    await visit(page, `${project}/deployments/${third}`);
    await expect(dot(page)).toHaveText('Live');
    await mark(page);
    const facts = page.getByRole('region', { name: 'Facts' });
    await expect(page.getByText('Queued', { exact: true })).toBeVisible();
    await expect(facts.getByText('Started')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Start building' })).toBeVisible();
    job.move(third, 'building');
    await expect(page.getByText('Building', { exact: true })).toBeVisible();
    await expect(facts.getByText('Started')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Start building' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Mark as ready' })).toBeVisible();
    job.move(third, 'ready');
    await expect(page.getByText('Ready', { exact: true })).toBeVisible();
    await expect(facts.getByText('Finished')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Move it on' })).toHaveCount(0);
    await expectMarked(page);
    await inspect(page);
  });
});

test('what is shown still works after it was shown anew', async ({ page }) => {
  const { org, project } = await withProject(page);
  const job = await newJob(page, org);
  const made = job.deploy(project, 'Weave algebra');
  await visit(page, `${project}?status=queued`);
  const table = page.getByRole('table', { name: 'Deployments' });
  await expect(table.getByRole('row', { name: 'Weave algebra' })).toBeVisible();
  await expect(dot(page)).toHaveText('Live');
  await mark(page);
  // The filter goes on to hold.
  job.move(made, 'building');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  const other = job.deploy(project, 'Second weft');
  await expect(table.getByRole('row', { name: 'Second weft' })).toContainText('Queued');
  await expect(table.getByRole('row', { name: 'Weave algebra' })).toHaveCount(0);
  await expectMarked(page);
  // So does the way to move it on by hand.
  await visit(page, `${project}/deployments/${other}`);
  await expect(dot(page)).toHaveText('Live');
  job.move(other, 'building');
  await page.getByRole('button', { name: 'Mark as ready' }).click();
  await expect(page.getByText('Deployment saved.')).toBeVisible();
  await expect(page.getByText('Ready', { exact: true })).toBeVisible();
});

test('a meter goes up as calls come', async ({ page }) => {
  const { org, project } = await withProject(page);
  const job = await newJob(page, org);
  await visit(page, `/app/${org}/usage`);
  await expect(dot(page)).toHaveText('Live');
  await mark(page);
  const calls = figure(page, 'API calls this month');
  await expect(calls).toContainText('0 of 1,000');
  await expect(calls.getByRole('meter')).toHaveAttribute('value', '0');
  job.read(3);
  await expect(calls).toContainText('3 of 1,000');
  await expect(calls.getByRole('meter', { name: 'API calls this month: 3 of 1,000' })).toHaveAttribute('value', '3');
  job.deploy(project, 'Weave algebra');
  await expect(calls).toContainText('4 of 1,000');
  await expect(figure(page, 'Projects')).toContainText('1 of 2');
  await expectMarked(page);
  await inspect(page);
});

test('a meter of what others make goes up as well', async ({ page: ada, someoneElse: grace }) => {
  const { org } = await withProject(ada);
  await teammate(ada, grace, org);
  await visit(ada, `/app/${org}/usage`);
  await expect(figure(ada, 'Projects')).toContainText('1 of 50');
  await expect(dot(ada)).toHaveText('Live');
  await createProject(grace, org, 'Jacquard');
  await expect(figure(ada, 'Projects')).toContainText('2 of 50');
});

test('without a network it says so, and is right again with one', async ({ page, faults }) => {
  faults.allow(/net::ERR_INTERNET_DISCONNECTED/);
  const { org, project } = await withProject(page);
  const job = await newJob(page, org);
  await visit(page, `/app/${org}`);
  await expect(dot(page)).toHaveText('Live');
  await mark(page);
  const before = await events(page);

  await page.context().setOffline(true);
  await expect(dot(page)).toHaveText('Offline');
  for (const message of ['One', 'Two', 'Three']) job.deploy(project, message);
  job.read(2);
  await expect(value(page, 'Events')).toHaveText(String(before));

  await page.context().setOffline(false);
  await expect(dot(page)).toHaveText('Live');
  await expectEvents(page, before + 3);
  await expect(value(page, 'API calls')).toHaveText('5');
  await expect(ranked(page, 'Top projects', 'Loom').getByRole('cell')).toHaveText('3');
  await expect(feed(page).filter({ hasText: 'Loom' })).toHaveCount(4);
  await expectMarked(page);

  await test.step('and what happens then is told again', async () => {
    job.deploy(project, 'Four');
    await expectEvents(page, before + 4);
  });

  await test.step('as a page says that was loaded anew', async () => {
    const told = await page.locator('#dashboard .ranking').allTextContents();
    await page.reload();
    await expect(dot(page)).toHaveText('Live');
    expect(await page.locator('#dashboard .ranking').allTextContents()).toEqual(told);
    await expectEvents(page, before + 4);
  });
});

test('while the stream can not be had, it is tried again', async ({ page, faults }) => {
  faults.allow(/net::ERR_FAILED/);
  const { org, project } = await withProject(page);
  const job = await newJob(page, org);
  await page.route('**/stream*', (route) => route.abort());
  await visit(page, `/app/${org}`);
  await mark(page);
  const before = await events(page);
  await expect(dot(page)).toHaveText('Reconnecting');
  await expect(dot(page)).toHaveText('Offline', { timeout: 20_000 });
  job.deploy(project, 'Weave algebra');
  await page.unroute('**/stream*');
  await expect(dot(page)).toHaveText('Live', { timeout: 20_000 });
  await expectEvents(page, before + 1);
  await expectMarked(page);
});

test('a hidden tab pauses, and catches up', async ({ page }) => {
  const { org, project } = await withProject(page);
  const job = await newJob(page, org);
  const streams = watchStreams(page.context());
  await visit(page, `/app/${org}`);
  await expect(dot(page)).toHaveText('Live');
  await mark(page);
  const before = await events(page);
  const hide = (hidden: boolean) =>
    page.evaluate((is) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => is });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, hidden);

  await test.step('not at once', async () => {
    await hide(true);
    job.deploy(project, 'One');
    await expect(value(page, 'Events')).toHaveText(String(before + 1));
  });

  await test.step('but soon', async () => {
    await expect.poll(() => streams.open(), { timeout: 15_000 }).toBe(0);
    job.deploy(project, 'Two');
    // Long enough for it to be told, if it were told.
    await page.waitForTimeout(1_000);
    await expect(value(page, 'Events')).toHaveText(String(before + 1));
  });

  await hide(false);
  await expectEvents(page, before + 2);
  await expect(dot(page)).toHaveText('Live');
  expect(streams.open()).toBe(1);
  await expectMarked(page);
});

test('ten tabs are live by one stream', async ({ page, context }) => {
  test.setTimeout(120_000);
  const { org, project } = await withProject(page);
  const job = await newJob(page, org);
  await visit(page, '/account');
  const streams = watchStreams(context);
  const tabs: Page[] = [];
  const newest = () => tabs.at(-1) ?? page;

  await test.step('the tenth loads as the first did', async () => {
    for (let number = 1; number <= 10; number += 1) {
      const tab = await context.newPage();
      await visit(tab, `/app/${org}`);
      await expect(dot(tab)).toHaveText('Live');
      await mark(tab);
      tabs.push(tab);
    }
    expect([streams.asked(), streams.open()]).toEqual([1, 1]);
  });

  const before = await events(newest());

  await test.step('what happens is told in all of them', async () => {
    job.deploy(project, 'One');
    for (const tab of tabs) await expectEvents(tab, before + 1);
    await createProject(page, org, 'Jacquard');
    for (const tab of tabs) await expect(feed(tab).first()).toContainText('Jacquard');
    for (const tab of tabs) await expectMarked(tab);
    expect(streams.open()).toBe(1);
    for (const tab of tabs) await expect(value(tab, 'Active now')).toHaveText('1');
  });

  await test.step('when the one that has the stream goes, another goes on', async () => {
    for (const left of [9, 8]) {
      await tabs.shift()?.close();
      expect(tabs).toHaveLength(left);
      await expect.poll(() => streams.open()).toBe(1);
      const told = await events(newest());
      job.deploy(project, `With ${left}`);
      for (const tab of tabs) {
        await expectEvents(tab, told + 1);
        await expect(dot(tab)).toHaveText('Live');
        await expectMarked(tab);
      }
    }
    expect(streams.open()).toBe(1);
  });

  await test.step('or goes elsewhere', async () => {
    await tabs.shift()?.goto('/account');
    const told = await events(newest());
    job.deploy(project, 'Without the first');
    for (const tab of tabs) await expectEvents(tab, told + 1);
    await expect.poll(() => streams.open()).toBe(1);
  });
});

/** Nothing is asked of the stream for a while: longer than the first tries are apart. */
async function expectSilence(page: Page, streams: Streams): Promise<void> {
  await expect.poll(() => streams.open()).toBe(0);
  const asked = streams.asked();
  await page.waitForTimeout(5_000);
  expect([streams.asked(), streams.open()]).toEqual([asked, 0]);
}

test('who is removed is told in all tabs, and led on', async ({ page: ada, someoneElse: grace, faults }) => {
  faults.allowStatus(404);
  const { org } = await withProject(ada);
  const person = await teammate(ada, grace, org);
  const streams = watchStreams(grace.context());
  const other = await grace.context().newPage();
  await grace.reload();
  await visit(other, `/app/${org}/usage`);
  for (const tab of [grace, other]) await expect(dot(tab)).toHaveText('Live');

  await visit(ada, `/app/${org}/settings/members`);
  await ada.getByRole('button', { name: `Manage ${person.name}` }).click();
  await ada.getByRole('button', { name: 'Remove…' }).click();
  await ada.getByRole('dialog', { name: `Remove ${person.name}` }).getByRole('button', { name: 'Remove' }).click();
  await expect(ada.getByText('Member removed.')).toBeVisible();
  for (const tab of [grace, other]) await expect(dot(tab)).toContainText('No access', { timeout: 3_000 });
  await inspect(grace);
  await expectSilence(grace, streams);

  await visit(ada, `/app/${org}`);
  await expect(feed(ada).first()).toContainText('removed');
  await grace.locator('#live-news').getByRole('link', { name: 'Your organizations' }).click();
  await arrive(grace, '/app/new');
});

test('who is signed out elsewhere is told, and comes back', async ({ page, someoneElse: elsewhere, faults }) => {
  faults.allowStatus(401);
  const person = newPerson();
  await signUp(page, person);
  const org = await foundOrganization(page);
  await createProject(page, org, 'Loom');
  const path = `/app/${org}?range=1h&show=deployments`;
  await signIn(elsewhere, person.email, path, person.password);
  await expect(dot(elsewhere)).toHaveText('Live');
  const streams = watchStreams(elsewhere.context());
  await elsewhere.reload();
  await expect(dot(elsewhere)).toHaveText('Live');

  await visit(page, '/account');
  await page.getByRole('region', { name: 'Sessions' }).getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(dot(elsewhere)).toContainText('Signed out', { timeout: 3_000 });
  await inspect(elsewhere);
  await expectSilence(elsewhere, streams);

  await elsewhere.locator('#live-news').getByRole('link', { name: 'Sign in' }).click();
  await arrive(elsewhere, `/auth/signin?callbackUrl=${encodeURIComponent(path)}`);
  await fillSignIn(elsewhere, person.email, person.password);
  await arrive(elsewhere, path);
  await expect(dot(elsewhere)).toHaveText('Live');
});

test('that the plan is another one is said on all pages', async ({ page, context }) => {
  const { org } = await withProject(page);
  const paying = await context.newPage();
  const news = page.getByText('What this organization pays for has changed: its plan is Starter now.');
  for (const path of ['', '/projects']) {
    await visit(page, `/app/${org}${path}`);
    await expect(dot(page)).toHaveText('Live');
  }
  await expect(page.getByText(/^What this organization pays for/)).toHaveCount(0);
  await visit(paying, `/app/${org}/settings/billing`);
  await paying.getByRole('button', { name: 'Subscribe to Starter' }).click();
  await paying.getByRole('button', { name: 'Pay', exact: true }).click();
  await expect(paying.getByText('The organization is on Starter now.')).toBeVisible();
  await expect(paying.getByText(/^What this organization pays for/)).toHaveCount(0);
  await expect(news).toBeVisible();
  await inspect(page);
  await page.getByRole('link', { name: 'Reload' }).click();
  await expect(page.getByText('Starter', { exact: true })).toBeVisible();
  await expect(dot(page)).toHaveText('Live');
  await expect(news).toHaveCount(0);
});

const everywhere = { tag: ['@phone', '@no-javascript'] };

test('the overview is right as of its rendering', everywhere, async ({ page }) => {
  const { org, project } = await withProject(page);
  putOn(org, 'PRO');
  const job = await newJob(page, org);
  for (const message of ['One', 'Two']) job.deploy(project, message);
  const look = async () => {
    if (hasScript(page)) await inspect(page);
  };
  await visit(page, `/app/${org}`);
  await expect(dot(page)).toHaveText(hasScript(page) ? 'Live' : /^As of ([01]\d|2[0-3]):[0-5]\d UTC$/);
  await expect(value(page, 'Active now')).toHaveText('1');
  await expect(figure(page, 'Active now')).toContainText('Ada');
  // Founding and signing in aren't told here as often as they are counted: what is said of events says the same.
  const count = await events(page);
  expect(count).toBeGreaterThanOrEqual(3);
  await expectEvents(page, count);
  await expect(ranked(page, 'Events', 'deployment.created').getByRole('cell')).toHaveText('2');
  await expect(ranked(page, 'Top projects', 'Loom').getByRole('cell')).toHaveText('2');
  await expect(value(page, 'API calls')).toHaveText('2');
  await expect(feed(page).filter({ hasText: 'Loom' })).toHaveCount(3);
  await expect(page.locator('.chart path.line.s1')).toHaveAttribute('d', /^M0 [\d.]+ ([\d.]+ [\d.]+ ?){22}$/);
  await look();

  for (const [range, name, points] of [['1h', 'Last hour', 60], ['90d', 'Last 90 days', 90]] as const) {
    await page.getByRole('navigation', { name: 'Range' }).getByRole('link', { name }).click();
    await arrive(page, `/app/${org}?range=${range}&show=events`);
    await expect(page.getByRole('navigation', { name: 'Range' }).locator('[aria-current]')).toHaveText(range);
    await expect(page.getByRole('table', { name: /^Events, last / }).locator('tbody tr')).toHaveCount(points);
    await expect(value(page, 'Events')).toHaveText(String(count));
    await look();
  }
  await page.getByRole('navigation', { name: 'What is shown' }).getByRole('link', { name: 'API calls' }).click();
  await arrive(page, new RegExp(`/app/${org}\\?range=90d&show=api`));
  expect(await sum(page.getByRole('table', { name: 'API calls, last 90 days' }).locator('tbody td:nth-of-type(1)'))).toBe(2);
  await look();

  await visit(page, project);
  await look();
  await visit(page, `/app/${org}/usage`);
  await expect(figure(page, 'API calls this month')).toContainText('2 of 100,000');
  await look();
});
