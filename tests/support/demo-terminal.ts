import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type RunningTerminal, startTerminal } from '../../kiosk-agent/terminal-main.ts'
import { openScreen, type ScreenClient } from './screen-client.ts'

export interface DemoTerminal extends AsyncDisposable {
  readonly terminal: RunningTerminal
  readonly screen: ScreenClient
  readonly dataFolder: string
  /** Everything the agent logged. */
  readonly logged: string[]
}

const demoFile = new URL('../../config/terminals/demo.json', import.meta.url).pathname

/** The demo terminal in this process, on a free port and a fresh data folder, with one screen signed in. */
export async function startDemoTerminal(
  options: { dataFolder?: string; screens?: string; recoverTechnician?: boolean } = {},
): Promise<DemoTerminal> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'hall-kiosk-')))
  const screens = options.screens ?? (await emptyScreens(dataFolder))
  const logged: string[] = []
  const terminal = await startTerminal({
    terminalFile: demoFile,
    dataFolder,
    screens: { folder: screens, build: 'test' },
    log: (message, details) => logged.push(`${message} ${inspect(details ?? {})}`),
    port: 0,
    recoverTechnician: options.recoverTechnician ?? false,
    pinCost: 4,
  })
  const screen = await openScreen(terminal.launchUrl())
  await screen.until(({ service }) => service.state === 'in-service', 'a terminal in service')
  return {
    terminal,
    screen,
    dataFolder,
    logged,
    async [Symbol.asyncDispose]() {
      screen.close()
      await terminal.close()
      if (!options.dataFolder) await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

async function emptyScreens(dataFolder: string): Promise<string> {
  // Never the data folder itself: what is served must not lie beside the keys.
  const folder = join(dataFolder, 'no-screens')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>no screens in this test</title>')
  return folder
}
