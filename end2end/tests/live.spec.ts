import type { Page } from '@playwright/test';

import { arrive, createProject, expect, hasScript, inspect, newJob, putOn, teammate, test, visit } from '../fixtures';
import { dot, events, expectEvents, expectMarked, feed, figure, mark, ranked, sum, value, withProject } from '../fixtures/dashboard';

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

test('that the plan is another one is said on all pages', async ({ page, context }) => {
  const { org } = await withProject(page);
  const paying = await context.newPage();
  const news = page.getByText('What this organization pays for has changed. Its plan is Starter now.');
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
