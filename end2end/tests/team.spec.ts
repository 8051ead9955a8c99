import type { Page } from '@playwright/test';

import {
  acceptAsNewcomer,
  arrive,
  expect,
  freshOrganization,
  hasScript,
  inspect,
  linkFor,
  newPerson,
  putOn,
  signIn,
  signOut,
  test,
  unique,
  visit,
  type Person,
} from '../fixtures';

const everywhere = { tag: ['@phone', '@no-javascript'] };

/** axe is a script; without any, there is only the look of it. */
async function look(page: Page): Promise<void> {
  if (hasScript(page)) await inspect(page);
}

/** An organization with seats; ends on the page of its members. */
async function organizationWithSeats(page: Page): Promise<string> {
  const org = await freshOrganization(page);
  putOn(org, 'PRO');
  await visit(page, `/app/${org}/settings/members`);
  return org;
}

function someone(name: string): Person {
  return { ...newPerson(), name, email: `${unique('guest')}@people.test` };
}

async function invite(owner: Page, email: string, role = 'Member'): Promise<void> {
  await owner.getByRole('textbox', { name: 'E-mail addresses' }).fill(email);
  await owner.getByRole('combobox', { name: 'Role' }).selectOption({ label: role });
  await owner.getByRole('button', { name: 'Send invitations' }).click();
  await expect(owner.getByText('Invited. The mail is on its way.')).toBeVisible();
}

/** Signs up by the link of an invitation and accepts it. */
async function join(guest: Page, person: Person, org: string): Promise<void> {
  const invitation = await linkFor(guest, person.email);
  await visit(guest, invitation);
  await guest.getByRole('link', { name: 'Create an account' }).click();
  await arrive(guest, /\/auth\/signup/);
  await acceptAsNewcomer(guest, person, invitation, org);
}

const row = (page: Page, name: string) => page.getByRole('row', { name });

async function manage(owner: Page, name: string, action: string): Promise<void> {
  await owner.getByRole('button', { name: `Manage ${name}` }).click();
  await owner.getByRole('button', { name: action }).click();
}

test('an invitee signs up, joins, is promoted, and is removed while at work', everywhere, async ({ page: owner, someoneElse: guest, faults }) => {
  faults.allowStatus(404);
  const person = someone('Grace Hopper');
  const org = await organizationWithSeats(owner);

  await test.step('the owner invites', async () => {
    await invite(owner, person.email);
    await expect(row(owner, person.email)).toBeVisible();
    await expect(owner.getByText('2 of 20 seats taken, pending invitations included')).toBeVisible();
    await look(owner);
  });

  await test.step('the invitee sees what it is about', async () => {
    await visit(guest, await linkFor(guest, person.email));
    await expect(guest.getByRole('heading', { name: 'Join Analytical Engines' })).toBeVisible();
    await expect(guest.getByText('Ada Byron invites you to join Analytical Engines as Member.')).toBeVisible();
    await look(guest);
  });

  await test.step('signs up through the link and lands in the organization', async () => {
    await join(guest, person, org);
    await expect(guest.getByText('Welcome to the team.')).toBeVisible();
    await look(guest);
  });

  await test.step('the owner changes the role', async () => {
    await owner.reload();
    await manage(owner, person.name, 'Make admin');
    await expect(owner.getByText('Role changed.')).toBeVisible();
    await expect(row(owner, person.name).getByText('Admin', { exact: true })).toBeVisible();
    await visit(guest, `/app/${org}/settings/members`);
    await expect(guest.getByRole('heading', { name: 'Invite people' })).toBeVisible();
  });

  await test.step('and removes the member, who is told at the next action', async () => {
    await visit(guest, `/app/${org}/projects/new`);
    await guest.getByRole('textbox', { name: 'Name' }).fill('Half done');
    await visit(owner, `/app/${org}/settings/members`);
    await owner.getByRole('button', { name: `Manage ${person.name}` }).click();
    await owner.getByRole('button', { name: 'Remove…' }).click();
    const dialog = owner.getByRole('dialog', { name: `Remove ${person.name}` });
    await look(owner);
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(owner.getByText('Member removed.')).toBeVisible();
    await guest.getByRole('button', { name: 'Create project' }).click();
    if (hasScript(guest)) {
      await expect(guest.getByRole('alert')).toHaveText("This doesn't exist, or you don't have access to it any more.");
    } else {
      await expect(guest.getByRole('heading', { name: 'Page not found' })).toBeVisible();
    }
    await look(guest);
    await guest.goto('/app');
    await expect(guest).toHaveURL('/app/new');
  });
});

test('ownership goes to another, and its former owner goes', everywhere, async ({ page: owner, someoneElse: guest, faults }) => {
  faults.allowStatus(409);
  const person = someone('Mary Somerville');
  const org = await organizationWithSeats(owner);
  await invite(owner, person.email);
  await join(guest, person, org);

  await test.step('the last owner can not leave', async () => {
    await visit(owner, `/app/${org}/settings/danger`);
    await owner.getByRole('button', { name: 'Leave organization…' }).click();
    const dialog = owner.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Leave organization' }).click();
    await expect(owner.getByText(/An organization with members needs an owner/)).toBeVisible();
    await look(owner);
  });

  await test.step('ownership is transferred', async () => {
    await visit(owner, `/app/${org}/settings/danger`);
    await owner.getByRole('button', { name: 'Transfer ownership…' }).click();
    const dialog = owner.getByRole('dialog', { name: 'Transfer ownership' });
    await dialog.getByRole('combobox', { name: 'New owner' }).selectOption({ label: `${person.name} (${person.email})` });
    await dialog.getByRole('textbox', { name: /^Type/ }).fill(org);
    await dialog.getByRole('button', { name: 'Transfer ownership' }).click();
    await arrive(owner, `/app/${org}/settings/members`);
    await expect(owner.getByText('Organization transferred. You are an admin now.')).toBeVisible();
    await expect(row(owner, person.name).getByText('Owner', { exact: true })).toBeVisible();
  });

  await test.step('and the former owner leaves', async () => {
    await visit(owner, `/app/${org}/settings/danger`);
    await expect(owner.getByRole('button', { name: 'Transfer ownership…' })).toHaveCount(0);
    await owner.getByRole('button', { name: 'Leave organization…' }).click();
    await owner.getByRole('dialog').getByRole('button', { name: 'Leave organization' }).click();
    await arrive(owner, '/app/new');
    await expect(owner.getByText('You left the organization.')).toBeVisible();
    await visit(guest, `/app/${org}/settings/members`);
    await expect(guest.getByText('1 of 20 seats taken, pending invitations included')).toBeVisible();
  });
});

test('an invitation opened by the wrong account offers to switch', everywhere, async ({ page: owner, someoneElse: guest }) => {
  const person = someone('Emmy Noether');
  await organizationWithSeats(owner);
  await invite(owner, person.email);
  await signIn(guest, 'viewer@demo.test');
  const invitation = await linkFor(guest, person.email);
  await visit(guest, invitation);
  await expect(guest.getByText(/you are signed in as viewer@demo.test/)).toBeVisible();
  await look(guest);
  await guest.getByRole('button', { name: 'Switch account' }).click();
  await arrive(guest, `/auth/signin?callbackUrl=${encodeURIComponent(invitation)}`);
  await signIn(guest, 'member@demo.test', invitation);
  await expect(guest.getByRole('button', { name: 'Switch account' })).toBeVisible();
});

test('an invitation is sent again, taken back, and says so', everywhere, async ({ page: owner, someoneElse: guest, faults }) => {
  faults.allowStatus(410);
  const person = someone('Hypatia');
  await organizationWithSeats(owner);
  await invite(owner, person.email, 'Viewer');
  const first = await linkFor(guest, person.email);
  await row(owner, person.email).getByRole('button', { name: 'Resend' }).click();
  await expect(owner.getByText('Invited. The mail is on its way.')).toBeVisible();
  await expect(async () => expect(await linkFor(guest, person.email)).not.toBe(first)).toPass();
  const second = await linkFor(guest, person.email);
  expect(await visit(guest, first)).toBe(410);
  await expect(guest.getByRole('heading', { name: 'This link is no longer good' })).toBeVisible();
  await look(guest);
  expect(await visit(guest, second)).toBe(200);
  await row(owner, person.email).getByRole('button', { name: 'Revoke' }).click();
  await expect(owner.getByText('Invitation revoked.')).toBeVisible();
  expect(await visit(guest, second)).toBe(410);
  await expect(guest.getByText(/This invitation was taken back/)).toBeVisible();
  await look(guest);
});

test('what is wrong with an invitation is said where it was typed', everywhere, async ({ page: owner, faults }) => {
  faults.allowStatus(422);
  await organizationWithSeats(owner);
  await owner.getByRole('textbox', { name: 'E-mail addresses' }).fill('grace@people.test, not an address');
  await owner.getByRole('button', { name: 'Send invitations' }).click();
  await expect(owner.getByText('“not” isn\'t an e-mail address.')).toBeVisible();
  await expect(owner.getByRole('textbox', { name: 'E-mail addresses' })).toHaveValue('grace@people.test, not an address');
  await look(owner);
  await signOut(owner);
});
