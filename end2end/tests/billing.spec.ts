import type { Page } from '@playwright/test';

import { arrive, axe, createProject, expect, foundOrganization, hasScript, inspect, linkFor, newPerson, signUp, test, visit } from '../fixtures';

const sandbox = process.env.E2E_SANDBOX ?? '';

/** Sets Stripe's clock forward. */
async function daysPass(page: Page, days: number): Promise<void> {
  const set = await page.request.post(`${sandbox}/_sandbox/clock`, { data: { advance: days * 86_400 } });
  expect(set.ok()).toBe(true);
}

/** Puts another card on file, at Stripe's portal, and comes back. */
async function useCard(page: Page, billing: string, number: string): Promise<void> {
  await visit(page, billing);
  await page.getByRole('button', { name: 'Open billing portal' }).click();
  await expect(page).toHaveURL(new RegExp(`^${sandbox}/portal/`));
  await page.getByLabel('Card number').fill(number);
  await page.getByRole('button', { name: 'Update card' }).click();
  await page.getByRole('link', { name: 'Back to Atrium' }).click();
  await arrive(page, billing);
}

/** Looks again until a page says it: what Stripe tells takes a moment. */
async function comesToSay(page: Page, path: string, words: string | RegExp): Promise<void> {
  await expect(async () => {
    await visit(page, path);
    await expect(page.getByText(words).first()).toBeVisible({ timeout: 500 });
  }).toPass();
}

test('a person pays, fails to pay, changes their mind and comes back', async ({ page, faults }) => {
  test.setTimeout(120_000);
  // A card that is declined is answered with 402.
  faults.allowStatus(402);
  const person = newPerson();
  await signUp(page, person);
  const org = await foundOrganization(page, 'Payers');
  const billing = `/app/${org}/settings/billing`;

  await test.step('reaches a limit', async () => {
    await createProject(page, org, 'One');
    await createProject(page, org, 'Two');
    await visit(page, `/app/${org}/projects/new`);
    await expect(page.getByText(/^2 of 2 projects of the Free plan are in use/)).toBeVisible();
    await page.getByRole('link', { name: 'Upgrade' }).click();
    await arrive(page, `${billing}#plans`);
    await inspect(page);
  });

  await test.step('leaves the payment page, and nothing was paid', async () => {
    await page.getByRole('button', { name: 'Subscribe to Starter' }).click();
    await expect(page).toHaveURL(new RegExp(`^${sandbox}/checkout/`));
    await axe(page);
    await page.getByRole('link', { name: 'Back to Atrium' }).click();
    await arrive(page, `${billing}?canceled=true`);
    await expect(page.getByText('Nothing was paid')).toBeVisible();
  });

  await test.step('pays, after a card that is declined', async () => {
    await page.getByRole('button', { name: 'Subscribe to Starter' }).click();
    await page.getByLabel('Card number').fill('4000 0000 0000 0002');
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('declined');
    await page.getByLabel('Card number').fill('4000 0025 0000 3155');
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await page.getByRole('button', { name: 'Complete authentication' }).click();
    await arrive(page, `${billing}?success=true`);
    // By itself, once Stripe has told.
    await expect(page.getByText('The organization is on Starter now.')).toBeVisible();
    await expect(page.getByText('2 of 10', { exact: true })).toBeVisible();
    await inspect(page);
    await createProject(page, org, 'Three');
  });

  await test.step('goes up a plan, for what it says', async () => {
    await visit(page, billing);
    await page.getByRole('link', { name: 'Switch to Professional' }).click();
    await arrive(page, `${billing}/change?plan=PRO`);
    await inspect(page);
    await page.getByRole('button', { name: /^Pay \$\d+(\.\d\d)? and switch$/ }).click();
    await arrive(page, billing);
    await expect(page.getByText('Plan changed.')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Professional' }).first()).toBeVisible();
  });

  await test.step('fails to pay, and is told', async () => {
    await useCard(page, billing, '4000 0000 0000 0341');
    await daysPass(page, 32);
    await comesToSay(page, `/app/${org}`, 'The last payment for this organization failed.');
    expect(await linkFor(page, person.email)).toBe(billing);
    await page.getByRole('link', { name: 'Open billing' }).click();
    await arrive(page, billing);
    await expect(page.getByText('Past due')).toBeVisible();
    await inspect(page);
  });

  await test.step('repairs it with another card', async () => {
    await useCard(page, billing, '4242 4242 4242 4242');
    await comesToSay(page, billing, 'Active');
    await expect(page.getByText('The last payment')).toHaveCount(0);
  });

  await test.step('cancels, and it ends with what was paid for', async () => {
    await page.getByRole('button', { name: 'Cancel subscription…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel the subscription' });
    await dialog.getByRole('button', { name: 'Cancel subscription' }).click();
    await expect(page.getByText('Ends soon')).toBeVisible();
    await inspect(page);
    await daysPass(page, 32);
    await comesToSay(page, `/app/${org}/projects`, 'The subscription of Payers has ended');
    await arrive(page, `/app/${org}/reactivate`);
    await inspect(page);
  });

  await test.step('goes on with Free', async () => {
    await page.getByRole('button', { name: 'Continue on Free' }).click();
    await arrive(page, `/app/${org}`);
    await visit(page, `/app/${org}/projects`);
    await expect(page.getByRole('link', { name: 'Three' })).toBeVisible();
  });

  await test.step('and comes back', async () => {
    await visit(page, billing);
    await page.getByRole('button', { name: 'Subscribe to Professional' }).click();
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await arrive(page, `${billing}?success=true`);
    await expect(page.getByText('The organization is on Professional now.')).toBeVisible();
    await inspect(page);
  });
});

test('an owner pays without scripts', { tag: ['@not-desktop', '@no-javascript', '@phone'] }, async ({ page }) => {
  await signUp(page);
  const org = await foundOrganization(page, 'Payers');
  const billing = `/app/${org}/settings/billing`;
  const look = async () => {
    if (hasScript(page)) await inspect(page);
  };
  await visit(page, billing);
  await look();
  await page.getByRole('button', { name: 'Subscribe to Starter' }).click();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await comesToSay(page, `${billing}?success=true`, 'The organization is on Starter now.');
  await look();
  await page.getByRole('link', { name: 'Downgrade to Free' }).click();
  await arrive(page, `${billing}/change?plan=FREE`);
  await look();
  await page.getByRole('button', { name: 'Downgrade to Free' }).click();
  await arrive(page, billing);
  await expect(page.getByText('Ends soon')).toBeVisible();
  await page.getByRole('button', { name: 'Keep the subscription' }).click();
  await expect(page.getByText('Renews on')).toBeVisible();
});
