import type { Page } from '@playwright/test';

import { arrive, createProject, expect, foundOrganization, inspect, newJob, newPerson, signIn, signUp, teammate, test, visit } from '../fixtures';
import { type Streams, dot, events, expectEvents, expectMarked, feed, mark, ranked, value, watchStreams, withProject } from '../fixtures/dashboard';
import { fillSignIn } from '../fixtures/people';

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
