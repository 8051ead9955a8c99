import { arrive, expect, hasScript, newPerson, signOut, signUp, test, unique, visit } from '../fixtures';

test('a person signs up, founds an organization and keeps projects in it', { tag: ['@phone', '@no-javascript'] }, async ({ page }) => {
  const words = unique('Lace & loom');
  const slug = words.toLowerCase().replace(' & ', '-');
  const person = newPerson();

  await test.step('signs up and confirms the address', async () => {
    await signUp(page, person);
    await expect(page.getByText('Address confirmed. Welcome to Atrium.')).toBeVisible();
  });

  await test.step('creates an organization', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill(words);
    const address = page.getByRole('textbox', { name: 'Address' });
    if (hasScript(page)) {
      await expect(address).toHaveValue(slug);
      await expect(page.getByText(`${slug} is available`)).toBeVisible();
    } else {
      await address.fill(slug);
    }
    await page.getByRole('button', { name: 'Create organization' }).click();
    await arrive(page, `/app/${slug}`);
    await expect(page.getByText('Organization created.')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  });

  await test.step('creates a project', async () => {
    await page.getByRole('link', { name: 'Create project' }).click();
    await arrive(page, `/app/${slug}/projects/new`);
    await page.getByRole('textbox', { name: 'Name' }).fill('Difference engine');
    await page.getByRole('button', { name: 'Create project' }).click();
    await arrive(page, new RegExp(`/app/${slug}/projects/(?!new$)[^/]+$`));
    await expect(page.getByText('Project created.')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Difference engine', level: 1 })).toBeVisible();
  });

  const project = page.url();

  await test.step('renames and describes it', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await arrive(page, `${project}/settings`);
    await page.getByRole('textbox', { name: 'Name' }).fill('Analytical engine');
    await page.getByRole('textbox', { name: /^Description/ }).fill('Weaves <b>algebra</b>\nas the loom weaves leaves');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Project saved.')).toBeVisible();
    await arrive(page, `${project}/settings`);
    await expect(page.getByRole('heading', { name: 'Analytical engine', level: 1 })).toBeVisible();
    await expect(page.getByRole('textbox', { name: /^Description/ })).toHaveValue(
      'Weaves <b>algebra</b>\nas the loom weaves leaves',
    );
  });

  await test.step('finds it, and nothing else', async () => {
    await page.getByRole('link', { name: 'Projects', exact: true }).click();
    await arrive(page, `/app/${slug}/projects`);
    const search = page.getByRole('searchbox', { name: 'Search projects' });
    await search.fill('ANALYT');
    await search.press('Enter');
    await arrive(page, `/app/${slug}/projects?q=ANALYT`);
    await expect(search).toHaveValue('ANALYT');
    await expect(page.getByRole('link', { name: 'Analytical engine' })).toBeVisible();
    await search.fill('Difference');
    await search.press('Enter');
    await arrive(page, `/app/${slug}/projects?q=Difference`);
    await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
    await page.getByRole('link', { name: 'Show all projects' }).click();
    await expect(page.getByRole('link', { name: 'Analytical engine' })).toBeVisible();
  });

  await test.step('deletes it by typing its name', async () => {
    await page.getByRole('link', { name: 'Analytical engine' }).click();
    await arrive(page, project);
    await visit(page, `${project}/settings`);
    await page.getByRole('button', { name: 'Delete project…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete project' });
    await dialog.getByRole('textbox', { name: 'Type Analytical engine to confirm' }).fill('Analytical engine');
    await dialog.getByRole('button', { name: 'Delete project' }).click();
    await arrive(page, `/app/${slug}/projects`);
    await expect(page.getByText('Project deleted.')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'No projects yet' })).toBeVisible();
  });

  await test.step('signs out', async () => {
    await signOut(page);
    await page.goto(`/app/${slug}`);
    await expect(page).toHaveURL(`/auth/signin?callbackUrl=/app/${slug}`);
  });
});
