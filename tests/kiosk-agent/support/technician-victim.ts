import { startTerminal } from '../../../kiosk-agent/terminal-main.ts'

/** A whole demo terminal that is going to be killed while a technician works on it. What it tells its parent. */
export interface Started {
  readonly port: number
  readonly technicianUrl: string
}

const [dataFolder = ''] = process.argv.slice(2)
process.on('disconnect', () => process.exit())

const terminal = await startTerminal({
  terminalFile: new URL('../../../config/terminals/demo.json', import.meta.url).pathname,
  dataFolder,
  screens: { folder: dataFolder, build: 'test' },
  log: () => {},
  port: 0,
  pinCost: 4,
})
process.send?.({ port: terminal.port, technicianUrl: terminal.technicianUrl() } satisfies Started)
