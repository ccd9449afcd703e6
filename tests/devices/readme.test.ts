import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withModels } from '../../devices/models-page.ts'
import { modelIds } from '../../devices/registry.ts'

const folder = join(import.meta.dirname, '../../devices')

describe('The page of all devices', () => {
  test('tells what every model\'s own facts tell; "npm run devices:readme" writes it anew', async () => {
    const page = await readFile(join(folder, 'README.md'), 'utf8')
    expect(page).toBe(await withModels(page))
  })

  test('links each model to a README that is there', async () => {
    const page = await readFile(join(folder, 'README.md'), 'utf8')
    const links = [...page.matchAll(/^\| \[`([^`]+)`\]\(([^)]+)\)/gm)]
    expect(links.map(([, id]) => id)).toEqual(modelIds)
    for (const [, , path = ''] of links) expect([path, existsSync(join(folder, path))]).toEqual([path, true])
  })

  test('says so when somebody took its marks away', async () => {
    await expect(withModels('# Devices')).rejects.toThrow('marks')
  })
})
