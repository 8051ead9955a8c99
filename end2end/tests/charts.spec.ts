import type { Page } from '@playwright/test';

import {
  arrive, createProject, expect, freshOrganization, inspect, newJob, signIn, teammate, test, visit,
} from '../fixtures';

const plot = (page: Page) => page.getByRole('slider', { name: /, last / });
const tip = (page: Page) => page.locator('.chart-tip');
const crosshair = (page: Page) => page.locator('.chart path.crosshair');
const rows = (page: Page) => page.getByRole('table', { name: /^(Events|Deployments|API calls), last / }).locator('tbody tr');

/** Where in the plot a pointer is, from left to right. */
async function pointAt(page: Page, share: number): Promise<void> {
  const box = await plot(page).boundingBox();
  await plot(page).hover({ position: { x: Math.min((box?.width ?? 0) * share, (box?.width ?? 0) - 1), y: 40 } });
}

/** What is looked at, as it is told, drawn and written, with its row of the table; all at one moment. */
function looked(page: Page) {
  return plot(page).evaluate((plot) => {
    const texts = (of: Element | null, what: string) => [...(of?.querySelectorAll(what) ?? [])].map((element) => element.textContent);
    const now = Number(plot.getAttribute('aria-valuenow'));
    const rows = plot.closest('.chart')?.querySelectorAll('tbody tr') ?? [];
    return {
      now,
      told: plot.getAttribute('aria-valuetext'),
      tip: texts(plot, '.chart-tip :is(strong, b)'),
      row: texts(rows[now] ?? null, 'th, td'),
      line: plot.querySelector('.crosshair')?.getAttribute('d') ?? '',
      step: 720 / (rows.length - 1),
    };
  });
}

async function expectPlace(page: Page, place: number): Promise<void> {
  await expect(async () => {
    const { now, told, tip, row, line, step } = await looked(page);
    expect(now).toBe(place);
    const [label, ...counts] = row.map((text, cell) => (cell === 0 ? text : Number(text).toLocaleString('en')));
    expect(tip).toEqual([label, ...counts]);
    expect(told).toBe(`${label}: Events ${counts.join(', period before ')}`);
    expect(Math.abs(Number(/^M([\d.]+) 0V200$/.exec(line)?.[1]) - step * place)).toBeLessThanOrEqual(0.1);
  }).toPass({ timeout: 10_000 });
}

async function expectNothingLookedAt(page: Page): Promise<void> {
  await expect(tip(page)).toHaveCount(0);
  await expect(crosshair(page)).not.toHaveAttribute('d', /./);
}

test('the pointer looks at a place of the chart', async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/app/demo?range=7d');
  await expectNothingLookedAt(page);
  for (const share of [0.25, 0.75, 0, 1]) {
    await pointAt(page, share);
    await expectPlace(page, Math.round(167 * share));
  }
  await page.getByRole('heading', { name: 'Overview', level: 1 }).hover();
  await expectNothingLookedAt(page);
});

test('the tooltip is beside the crosshair, within the card', { tag: '@phone' }, async ({ page, hasTouch }) => {
  await signIn(page, 'owner@demo.test', '/app/demo?range=30d');
  const card = await page.getByRole('region', { name: 'Activity' }).boundingBox();
  const box = await plot(page).boundingBox();
  if (!card || !box) throw new Error('nothing is drawn');
  for (const share of [0.01, 0.45, 0.55, 0.99]) {
    if (hasTouch) await plot(page).tap({ position: { x: box.width * share, y: 60 } });
    else await pointAt(page, share);
    await expectPlace(page, Math.round(29 * share));
    const shown = await tip(page).boundingBox();
    if (!shown) throw new Error('there is no tooltip');
    expect(shown.x, `at ${share}`).toBeGreaterThanOrEqual(card.x);
    expect(shown.x + shown.width, `at ${share}`).toBeLessThanOrEqual(card.x + card.width);
    const line = box.x + (box.width * Math.round(29 * share)) / 29;
    expect(shown.x > line || shown.x + shown.width < line, `it covers the line at ${share}`).toBe(true);
  }
  await inspect(page);
});

test('labels stand below what they are of', { tag: '@phone' }, async ({ page }) => {
  await signIn(page, 'owner@demo.test');
  for (const range of ['1h', '24h', '7d', '30d', '90d']) {
    await visit(page, `/app/demo?range=${range}`);
    const labels = await plot(page).evaluate((plot) => {
      const chart = plot.closest('.chart');
      const { left, width } = plot.getBoundingClientRect();
      const rows = [...(chart?.querySelectorAll('tbody tr') ?? [])];
      return [...(chart?.querySelectorAll('.ticks-x text') ?? [])].map((label) => {
        const place = rows.findIndex((row) => row.querySelector('th')?.textContent === label.textContent);
        const box = label.getBoundingClientRect();
        const x = left + (width * place) / (rows.length - 1);
        return { label: label.textContent, place, isAbove: box.left - 1 <= x && x <= box.right + 1 };
      });
    });
    expect(labels.length, range).toBeGreaterThanOrEqual(3);
    for (const { label, place, isAbove } of labels) {
      expect(place, `${label} of ${range}`).toBeGreaterThanOrEqual(0);
      expect(isAbove, `${label} of ${range} stands below its point`).toBe(true);
    }
  }
});

test('so do the arrow keys', async ({ page }) => {
  await signIn(page, 'owner@demo.test');
  await page.getByRole('navigation', { name: 'What is shown' }).getByRole('link', { name: 'API calls' }).focus();
  await page.keyboard.press('Tab');
  await expect(plot(page)).toBeFocused();
  await expectPlace(page, 23);
  for (const [key, place] of [
    ['ArrowLeft', 22],
    ['ArrowDown', 21],
    ['ArrowRight', 22],
    ['Home', 0],
    ['ArrowLeft', 0],
    ['ArrowUp', 1],
    ['End', 23],
    ['ArrowRight', 23],
    ['ArrowLeft', 22],
  ] as const) {
    await page.keyboard.press(key);
    await expectPlace(page, place);
  }
  await inspect(page);
  await page.keyboard.press('Escape');
  await expectNothingLookedAt(page);
  await expect(plot(page)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expectPlace(page, 22);
  await page.keyboard.press('Tab');
  await expectNothingLookedAt(page);
});

test('each range has a row for each point, and stands in the address', async ({ page }) => {
  await signIn(page, 'owner@demo.test');
  const ranges = page.getByRole('navigation', { name: 'Range' });
  const metrics = page.getByRole('navigation', { name: 'What is shown' });
  const line = page.locator('.chart path.line.s1');
  await expect(ranges.getByRole('link')).toHaveText(['1h', '24h', '7d', '30d', '90d']);
  await expect(ranges.locator('[aria-current]')).toHaveText('24h');
  const drawn = new Set<string>();
  for (const [range, name, points] of [
    ['1h', 'hour', 60],
    ['24h', '24 hours', 24],
    ['7d', '7 days', 168],
    ['30d', '30 days', 30],
    ['90d', '90 days', 90],
  ] as const) {
    await ranges.getByRole('link', { name: `Last ${name}`, exact: true }).click();
    await arrive(page, `/app/demo?range=${range}&show=events`);
    await expect(ranges.locator('[aria-current]')).toHaveText(range);
    await expect(plot(page)).toHaveAccessibleName(`Events, last ${name}`);
    await expect(rows(page)).toHaveCount(points);
    await expect(plot(page)).toHaveAttribute('aria-valuemax', String(points - 1));
    await expect(page.getByText(`By deployments, last ${name}`)).toBeVisible();
    // One to move to, and a line to each of the others.
    expect((await line.getAttribute('d'))?.match(/[\d.]+ [\d.]+/g)).toHaveLength(points - 1);
    drawn.add((await line.getAttribute('d')) ?? '');
  }
  expect(drawn.size).toBe(5);

  await ranges.getByRole('link', { name: 'Last 30 days' }).click();
  for (const [metric, name] of [['deployments', 'Deployments'], ['api_calls', 'API calls'], ['events', 'Events']] as const) {
    await metrics.getByRole('link', { name, exact: true }).click();
    await arrive(page, `/app/demo?range=30d&show=${metric}`);
    await expect(metrics.locator('[aria-current]')).toHaveText(name);
    await expect(plot(page)).toHaveAccessibleName(`${name}, last 30 days`);
    await expect(rows(page)).toHaveCount(30);
  }
  await page.goBack();
  await arrive(page, '/app/demo?range=30d&show=api_calls');
  await expect(plot(page)).toHaveAccessibleName('API calls, last 30 days');
});

test('a plan that keeps less shows less', async ({ page }) => {
  const org = await freshOrganization(page);
  await createProject(page, org, 'Loom');
  await visit(page, `/app/${org}`);
  const ranges = page.getByRole('navigation', { name: 'Range' });
  await expect(ranges.getByRole('link')).toHaveText(['1h', '24h', '7d']);
  // What isn't kept can't be asked for either.
  await visit(page, `/app/${org}?range=90d`);
  await expect(rows(page)).not.toHaveCount(90);
  await expect(ranges.locator('[aria-current]')).toHaveCount(1);
  await visit(page, `/app/${org}?range=century&show=everything`);
  await expect(ranges.locator('[aria-current]')).toHaveText('24h');
  await expect(plot(page)).toHaveAccessibleName('Events, last 24 hours');
});

test('what moves leaves the reader where they are', async ({ page }) => {
  const org = await freshOrganization(page);
  const project = await createProject(page, org, 'Loom');
  const job = await newJob(page, org);
  await visit(page, `/app/${org}?range=1h`);
  await expect(page.locator('#live')).toHaveText('Live');
  const top = page.locator('.chart .ticks-y li').first();
  const ticks = await top.textContent();
  await plot(page).focus();
  await page.keyboard.press('Home');
  const values = rows(page).locator('td:nth-of-type(1)');
  const sum = async () => (await values.allTextContents()).reduce((total, text) => total + Number(text), 0);
  const before = await sum();
  job.deploy(project, 'One');
  await expect.poll(sum).toBe(before + 1);
  await expect(plot(page)).toBeFocused();
  await expectPlace(page, 0);
  await page.keyboard.press('End');
  await expectPlace(page, 59);
  // More than there is room for below the highest tick.
  for (let number = 0; number < 10; number += 1) job.deploy(project, 'More');
  await expect.poll(sum).toBe(before + 11);
  await expect(top).not.toHaveText(ticks ?? '');
  await expect(plot(page)).toBeFocused();
  await expectPlace(page, 59);
});

test('a dashboard appears with the first project, whoever creates it', async ({ page: ada, someoneElse: grace }) => {
  test.setTimeout(120_000);
  const org = await freshOrganization(ada);
  await teammate(ada, grace, org);
  await expect(grace.getByRole('heading', { name: 'No projects yet' })).toBeVisible();
  const third = await grace.context().newPage();
  await visit(third, `/app/${org}?range=7d`);
  await visit(ada, `/app/${org}`);
  await expect(ada.getByRole('heading', { name: 'Get Analytical Engines ready' })).toBeVisible();
  for (const page of [ada, third]) {
    await expect(page.locator('#live')).toHaveText('Live');
    await expect(page.getByRole('navigation', { name: 'Range' })).toHaveCount(0);
    await expect(page.getByRole('slider')).toHaveCount(0);
    await expect(page.locator('.chart')).toHaveCount(0);
    await inspect(page);
  }
  await createProject(grace, org, 'Loom');
  for (const page of [ada, third]) {
    await expect(plot(page)).toBeVisible();
    await expect(page.getByRole('region', { name: 'Latest' })).toContainText('Grace Hopper created the project Loom');
    await expect(page.getByRole('heading', { name: 'No projects yet' })).toHaveCount(0);
    await expect(page.locator('#live')).toHaveText('Live');
  }
  await expect(rows(third)).toHaveCount(168);
  await expect(ada.getByRole('meter', { name: '3 of 6 done' })).toBeVisible();
});
