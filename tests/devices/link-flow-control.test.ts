import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { LinkOptions } from '../../devices/link/link.ts'
import { openLink } from '../../devices/link/open-link.ts'
import { openPty } from '../../devices/link/pty.ts'

const [XOFF, XON] = [Uint8Array.of(0x13), Uint8Array.of(0x11)]
const never = new AbortController().signal
const text = (bytes: readonly number[]) => String.fromCharCode(...bytes)

/** A serial line to a device that keeps what it gets. */
async function line(flowControl: NonNullable<Extract<LinkOptions, { type: 'serial' }>['flowControl']>) {
  const pty = await openPty()
  onTestFinished(() => pty.unplug())
  const link = await openLink({ type: 'serial', path: pty.path, baudRate: 19_200, flowControl }, never)
  onTestFinished(() => link.close())
  if (!('bytes' in link)) throw new Error('a serial link is a stream')
  const got: number[] = []
  const said: number[] = []
  void (async () => {
    for await (const chunk of pty.far.bytes) got.push(...chunk)
  })()
  void (async () => {
    for await (const chunk of link.bytes) said.push(...chunk)
  })()
  return { link, device: pty.far, got, said }
}

describe('Flow control of a serial line', () => {
  test('by software holds the slip back while the printer is busy, and loses nothing', async () => {
    const { link, device, got, said } = await line('software')
    await device.write(XOFF)
    await sleep(100)
    const written = link.write(Buffer.from('a slip'))
    await sleep(100)
    expect(text(got)).toBe('')
    await device.write(XON)
    await written
    await vi.waitFor(() => expect(text(got)).toBe('a slip'))
    // What steers the line is no answer of the printer.
    expect(said).toEqual([])
  })

  test('is not read into bytes where none is set: 11h and 13h are answers like any other', async () => {
    const { link, device, got, said } = await line('none')
    await device.write(XOFF)
    await link.write(Buffer.from('a slip'))
    await vi.waitFor(() => expect(text(got)).toBe('a slip'))
    await vi.waitFor(() => expect(said).toEqual([0x13]))
  })

  test('by hardware opens and carries both ways; the wires themselves need a real port', async () => {
    const { link, device, got, said } = await line('hardware')
    await link.write(Buffer.from('a slip'))
    await device.write(Uint8Array.of(0x16))
    await vi.waitFor(() => expect(text(got)).toBe('a slip'))
    await vi.waitFor(() => expect(said).toEqual([0x16]))
  })
})
