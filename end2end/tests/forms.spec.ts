import {
  DEMO_PASSWORD, arrive, createProject, expect, freshOrganization, hasScript, linkFor, newPerson, signIn, signUp, test, unique, visit,
} from '../fixtures';
import { fillSignIn } from '../fixtures/people';
import type { Locator, Page } from '@playwright/test';

/** Expects a field to be marked, and to be described by what is wrong with it. */
async function expectProblem(field: Locator, words: string): Promise<void> {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(new RegExp(`${words.replaceAll(/[.?]/g, '\\$&')}$`));
}

async function expectNoProblem(field: Locator): Promise<void> {
  await expect(field).not.toHaveAttribute('aria-invalid', 'true');
}

/** Marks the document, so that another one can be told from it. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute('data-marked', ''));
}

async function expectSameDocument(page: Page): Promise<void> {
  await expect(page.locator('html[data-marked]')).toHaveCount(hasScript(page) ? 1 : 0);
}

const everywhere = { tag: ['@phone', '@no-javascript'] };

test('what is wrong is said beside each field, and what was typed is kept', everywhere, async ({ page, faults }) => {
  faults.allowStatus(422);
  await visit(page, '/auth/signup');
  await mark(page);
  const name = page.getByLabel('Name', { exact: true });
  const email = page.getByLabel('E-mail', { exact: true });
  const password = page.getByLabel('Password', { exact: true });

  await name.fill('   ');
  await email.fill('ada@localhost');
  await password.fill('a password to forget');
  await page.getByRole('button', { name: 'Create account' }).click();

  await expectProblem(name, 'Fill this in.');
  await expectProblem(email, 'Enter an e-mail address, like name@example.com.');
  await expectNoProblem(password);
  await expect(email).toHaveValue('ada@localhost');
  await expect(page).toHaveURL('/auth/signup');
  await expectSameDocument(page);
  if (hasScript(page)) {
    await expect(name).toBeFocused();
    await expect(password).toHaveValue('a password to forget');
  } else {
    await expect(password).toHaveValue('');
  }

  await name.fill('Ada Byron');
  await email.fill(`${unique('ada')}@people.test`);
  await password.fill('password123');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expectProblem(password, 'This password is among the first that attackers try. Choose another.');
  await expectNoProblem(name);
  await expectNoProblem(email);
  await expectSameDocument(page);

  await password.fill(unique('much better'));
  await page.getByRole('button', { name: 'Create account' }).click();
  await arrive(page, '/auth/check-mail');
});

test('a wrong password is refused without saying which part is wrong', everywhere, async ({ page, faults }) => {
  faults.allowStatus(422);
  const person = await signUp(page);
  await page.context().clearCookies();
  await visit(page, '/auth/signin');
  await mark(page);
  for (const email of [person.email, `${unique('nobody')}@people.test`]) {
    await fillSignIn(page, email, 'not the password');
    await expect(page.getByRole('alert')).toContainText("That e-mail and password don't match an account.");
    await expect(page.getByLabel('E-mail', { exact: true })).toHaveValue(email);
    await expectSameDocument(page);
    if (!hasScript(page)) await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
  }
  await fillSignIn(page, person.email, person.password);
  await arrive(page, '/app/new');
});

test('a taken slug is refused, with the name kept', everywhere, async ({ page, faults }) => {
  faults.allowStatus(422);
  await signUp(page);
  await visit(page, '/app/new');
  await mark(page);
  const name = page.getByRole('textbox', { name: 'Name' });
  const slug = page.getByRole('textbox', { name: 'Address' });
  await name.fill('Another demo');
  await slug.fill('demo');
  if (hasScript(page)) {
    await expect(page.getByRole('status').filter({ hasText: 'This is taken. Choose another.' })).toBeVisible();
    await slug.fill('Not a slug');
    await expect(page.getByRole('status').filter({ hasText: 'Use lower-case letters' })).toBeVisible();
    await slug.fill('demo');
  }
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expectProblem(slug, 'This is taken. Choose another.');
  await expectNoProblem(name);
  await expect(name).toHaveValue('Another demo');
  await expect(slug).toHaveValue('demo');
  await expectSameDocument(page);

  const free = unique('another-demo');
  await slug.fill(free);
  await page.getByRole('button', { name: 'Create organization' }).click();
  await arrive(page, `/app/${free}`);
});

test('the slug follows the name until it is typed', async ({ page }) => {
  await signUp(page);
  const name = page.getByRole('textbox', { name: 'Name' });
  const slug = page.getByRole('textbox', { name: 'Address' });
  await name.fill('Ärger & Söhne GmbH');
  await expect(slug).toHaveValue(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  await slug.fill('mine');
  await name.fill('Something else');
  await expect(slug).toHaveValue('mine');
});

test('a dialog that asks for a name says when it does not match', everywhere, async ({ page, faults }) => {
  faults.allowStatus(422);
  const org = await freshOrganization(page);
  await visit(page, `${await createProject(page, org, 'Loom', 'A first line\nand a second')}/settings`);
  await page.getByRole('button', { name: 'Delete project…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete project' });
  const confirmation = dialog.getByRole('textbox', { name: 'Type Loom to confirm' });
  await confirmation.fill('Doom');
  await dialog.getByRole('button', { name: 'Delete project' }).click();
  await expectProblem(confirmation, "This doesn't match.");
  await expect(confirmation).toHaveValue('Doom');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Loom', level: 1 })).toBeVisible();
});

test('a dialog opens in a browser that does not know commands of buttons', async ({ page }) => {
  await page.addInitScript(() => {
    delete (HTMLButtonElement.prototype as { command?: string }).command;
    document.addEventListener('command', (event) => event.preventDefault(), true);
  });
  const org = await freshOrganization(page);
  await visit(page, `${await createProject(page, org, 'Loom')}/settings`);
  await page.getByRole('button', { name: 'Delete project…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete project' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
});

test('a link asks for the password in a browser that signed up with another address', everywhere, async ({
  page,
  request,
}) => {
  const person = newPerson();
  const headers = { 'sec-fetch-site': 'same-origin', accept: 'application/json' };
  const sent = await request.post('/_fn/sign_up', { headers, form: { ...person, callback_url: '' } });
  expect(sent.status()).toBe(200);
  await signUp(page);
  await visit(page, await linkFor(page, person.email));
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Confirm address' }).click();
  await arrive(page, '/app/new');
});

test('a text of several lines comes back as it was typed', everywhere, async ({ page, faults }) => {
  faults.allowStatus(422);
  const org = await freshOrganization(page);
  const words = '</textarea><script>alert(1)</script>\n\n & "more"';
  await visit(page, `${await createProject(page, org, 'Loom', words)}/settings`);
  const name = page.getByRole('textbox', { name: 'Name' });
  const description = page.getByRole('textbox', { name: /^Description/ });
  await expect(description).toHaveValue(words);
  await name.fill('  ');
  await description.fill(`${words}, and more`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expectProblem(name, 'Fill this in.');
  await expect(description).toHaveValue(`${words}, and more`);
});

test('a toast goes away by itself, or when it is dismissed', async ({ page }) => {
  const org = await freshOrganization(page);
  const created = page.getByText('Organization created.');
  await expect(created).toBeVisible();
  await page.getByRole('status').getByRole('button', { name: 'Dismiss' }).click();
  await expect(created).toBeHidden();

  await createProject(page, org, 'Loom');
  const toast = page.getByText('Project created.');
  await expect(toast).toBeVisible();
  await expect(toast).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Loom', level: 1 })).toBeVisible();
  await expect(toast).toBeHidden();
});

test('without a script a toast is there once', { tag: ['@no-javascript', '@not-desktop'] }, async ({ page }) => {
  await freshOrganization(page);
  await expect(page.getByText('Organization created.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  await expect(page.getByText('Organization created.')).toBeHidden();
});

test('a form whose session has ended leads through sign-in and back', everywhere, async ({ page, faults }) => {
  faults.allowStatus(401);
  await signIn(page, 'owner@demo.test', '/app/demo/projects/new');
  await page.context().clearCookies({ name: 'atrium_session' });
  await page.getByRole('textbox', { name: 'Name' }).fill('Never made');
  await page.getByRole('button', { name: 'Create project' }).click();
  await arrive(page, /\/auth\/signin\?callbackUrl=/);
  await fillSignIn(page, 'owner@demo.test', DEMO_PASSWORD);
  await arrive(page, '/app/demo/projects/new');
});

test('a forgotten password is chosen anew by a link that works once', everywhere, async ({ page, faults }) => {
  faults.allowStatus(410);
  const person = await signUp(page, newPerson());
  await page.context().clearCookies();
  await visit(page, '/auth/signin');
  await page.getByRole('link', { name: 'Forgot password?' }).click();
  await arrive(page, '/auth/forgot');
  await page.getByLabel('E-mail', { exact: true }).fill(person.email);
  await page.getByRole('button', { name: 'Send link' }).click();
  await arrive(page, '/auth/check-mail');
  await expect.poll(() => linkFor(page, person.email)).toContain('/auth/reset');
  const link = await linkFor(page, person.email);

  await visit(page, link);
  await page.getByLabel('New password', { exact: true }).fill(unique('a new one'));
  await page.getByRole('button', { name: 'Set new password' }).click();
  await arrive(page, /\/(app\/new|auth\/signin.*)$/);

  await visit(page, link);
  await page.getByLabel('New password', { exact: true }).fill(unique('another one'));
  await page.getByRole('button', { name: 'Set new password' }).click();
  await expect(page.getByRole('alert')).toHaveText('This link has been used or has expired. Ask for a new one.');
});
