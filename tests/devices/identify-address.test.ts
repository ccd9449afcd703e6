import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { simulateModbusTcpRelay } from '../../devices/gates/modbus-tcp-relay/simulator.ts'
import { identifyAddress } from '../../devices/identify/identify-address.ts'
import { systemClock } from '../../devices/lib/clock.ts'
import type { StreamLink, StreamOptions } from '../../devices/link/link.ts'
import { openTcp } from '../../devices/link/tcp.ts'
import { simulateEscpos } from '../../devices/receipt-printers/escpos/simulator.ts'
import { configureDevice } from '../../devices/registry.ts'
import { socketLink } from '../support/socket-link.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server on a port of its own, which is reached by whatever port is asked for. */
async function serve(attach: (far: StreamLink) => void) {
  const server = createServer((socket) => attach(socketLink(socket)))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { signal } = new AbortController()
  const openLink = (link: StreamOptions) => {
    if (link.type !== 'tcp') throw new Error('this is a server')
    return openTcp({ ...link, port }, signal)
  }
  return (port: number) =>
    identifyAddress({ host: '127.0.0.1', port }, { openLink, clock: systemClock, signal })
}

describe('At an address that the technician types', () => {
  test('a printer is found by one question, and nothing is printed', async () => {
    const printer = simulateEscpos()
    const ask = await serve(printer.attach)
    const { candidates } = await ask(9100)
    const options = { profile: 'generic-80', transport: { type: 'tcp', host: '127.0.0.1', port: 9100 } }
    expect(candidates).toMatchObject([
      { driver: 'escpos', options, certainty: 'answered', toBeSet: ['profile'] },
    ])
    for (const { driver, options } of candidates) await configureDevice({ id: 'x', driver, options })
    expect([Buffer.from(printer.controls.received).toString('hex'), printer.controls.slips]).toEqual([
      '100401',
      [],
    ])
  })

  test('a Modbus board is found by reading its relays', async () => {
    const gate = simulateModbusTcpRelay()
    const ask = await serve(gate.attach)
    const { candidates } = await ask(502)
    const options = { host: '127.0.0.1', port: 502, unit: 1 }
    expect(candidates).toMatchObject([{ driver: 'modbus-tcp-relay', options, kind: 'gate' }])
    for (const { driver, options } of candidates) await configureDevice({ id: 'x', driver, options })
    expect([gate.controls.pulses, gate.controls.relayOn]).toEqual([0, false])
  })

  test('a web server is nothing', async () => {
    const ask = await serve((far) => void far.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')))
    expect(await ask(80)).toEqual({ candidates: [], heard: true, withheld: [] })
  })

  test('why nothing could be reached is passed on', async () => {
    const ask = await serve(() => {})
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
    await expect(ask(9100)).rejects.toMatchObject({ name: 'DeviceError' })
    await expect(ask(0)).rejects.toMatchObject({ code: 'bad-config' })
  })
})
