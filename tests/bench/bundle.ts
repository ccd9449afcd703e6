import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { builtScreens } from '../../kiosk-agent/built-screens.ts'
import { atMost, type Figure, type Section } from './table.ts'

const SCRIPT_LIMIT_KB = 50
const STATIC_IMPORT = /\b(?:import|from)\s*"\.\/([^"]+\.js)"/g

/** What a browser has to fetch before the visitor's first screen can be drawn, and what only a simulated terminal fetches. */
export async function measureBundle(): Promise<Section> {
  const { folder } = await builtScreens()
  const assets = join(folder, 'assets')
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  const linked = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, name]) => name ?? '')
  const scripts = await withImports(assets, linked(/src="\/assets\/([^"]+\.js)"/g))
  const styles = linked(/href="\/assets\/([^"]+\.css)"/g)
  const all = await readdir(assets)
  const bench = all.filter((name) => /^bench-.*\.(js|css)$/.test(name))
  const camera = all.filter((name) => /^(camera-view|code-reader\.worker|zxing_reader)-/.test(name))
  const [script, style, benchSize, cameraSize] = await Promise.all(
    [scripts, styles, bench, camera].map((names) => size(assets, names)),
  )
  return {
    title: "Screens: the visitor's first screen, gzipped",
    figures: [
      {
        ...figure('JavaScript', script),
        promise: atMost((script?.gzipped ?? 0) / 1000, SCRIPT_LIMIT_KB, 'kB'),
      },
      figure('style sheets (with the index of font slices)', style),
      figure('bench, loaded on simulated terminals only', benchSize),
      figure('camera and its reader of codes, loaded when a visitor wants it', cameraSize),
    ],
  }
}

interface Size {
  readonly gzipped: number
  readonly plain: number
}

function figure(what: string, { gzipped, plain }: Size = { gzipped: 0, plain: 0 }): Figure {
  return { what, value: `${(gzipped / 1000).toFixed(1)} kB`, floor: `${(plain / 1000).toFixed(1)} kB plain` }
}

/** These scripts and everything they import before they run; what is imported later is left out. */
async function withImports(assets: string, entries: readonly string[]): Promise<string[]> {
  const found = new Set<string>(entries)
  for (const name of found) {
    const text = await readFile(join(assets, name), 'utf8')
    for (const [, imported = ''] of text.matchAll(STATIC_IMPORT)) found.add(imported)
  }
  return [...found]
}

/** Each file is fetched, and so compressed, by itself. */
async function size(assets: string, names: readonly string[]): Promise<Size> {
  const files = await Promise.all(names.map((name) => readFile(join(assets, name))))
  return {
    plain: files.reduce((sum, file) => sum + file.length, 0),
    gzipped: files.reduce((sum, file) => sum + gzipSync(file).length, 0),
  }
}
