import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

// Biome enforces who may import whom (biome.json, overrides). These are the rules that no import shows.

const root = join(import.meta.dirname, '..')

function sources(folder: string): { path: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('dist'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') }))
}

const filesWith = (folder: string, pattern: RegExp) =>
  sources(folder)
    .filter(({ text }) => pattern.test(text))
    .map(({ path }) => path)

describe('The rooms of the project', () => {
  test('entry/lane.ts alone opens a gate', () => {
    expect(filesWith('kiosk-agent', /\.open\(\{\s*notAfter/)).toEqual(['kiosk-agent/entry/lane.ts'])
  })

  test('the screens take only types from the contract, so that no schema reaches the browser', () => {
    const imports = sources('kiosk-ui').flatMap(({ path, text }) =>
      [...text.matchAll(/^import (.*) from '[^']*kiosk-agent[^']*'$/gm)].map(
        ([, what]) => `${path}: ${what}`,
      ),
    )
    expect(imports.length).toBeGreaterThan(0)
    expect(imports.filter((line) => !line.includes(': type {'))).toEqual([])
  })

  test('the session and its rules never look at a clock', () => {
    const pure = [
      'session',
      'session-time',
      'evidence',
      'judgement',
      'reasons',
      'next-step',
      'guide-lights',
      'strangers',
    ].map((name) => `kiosk-agent/entry/${name}.ts`)
    const clocks = filesWith('kiosk-agent/entry', /Date\.now\(|performance\.now\(|clock\./)
    expect(clocks.filter((path) => pure.includes(path) || path.includes('/rules/'))).toEqual([])
  })

  test('no source holds what somebody forgot: focused or skipped tests, notes to self', () => {
    const left = /\b(?:test|it|describe)\.(?:only|skip|todo)\(|\bTODO\b|\bFIXME\b/
    const own = 'tests/architecture.test.ts'
    const found = ['devices', 'kiosk-agent', 'kiosk-ui', 'config', 'tests'].flatMap((folder) =>
      filesWith(folder, left),
    )
    expect(found.filter((path) => path !== own)).toEqual([])
  })
})
