import { DeviceError } from '../errors.ts'
import { ByteQueue } from './byte-queue.ts'
import { lifetime } from './lifetime.ts'
import type { HidTexts, ReportLink } from './link.ts'

/** What a simulated HID device does. Byte 0 of every report is the report id, both ways. */
export interface ReportDevice {
  readonly texts?: HidTexts
  readonly descriptor?: Uint8Array | undefined
  output?(report: Uint8Array): void
  /** Throws to refuse, as a device stalls a request it does not know. */
  sendFeature?(report: Uint8Array): void
  getFeature?(reportId: number, length: number): Uint8Array
}

/** The device's end of the cable. */
export interface ReportEnd {
  /** Aborts when the cable is pulled or the driver ends the link. */
  readonly closed: AbortSignal
  /** Sends an input report. */
  send(report: Uint8Array): void
}

export interface MemoryReportLink {
  readonly near: ReportLink
  /** The device sends an input report. */
  send(report: Uint8Array): void
  unplug(): void
}

/**
 * A HID link made of memory, for tests and simulated devices. What the device does not answer is `refused`. A device that
 * speaks by itself is made of its end of the cable.
 */
export function memoryReportLink(
  connected: ReportDevice | ((end: ReportEnd) => ReportDevice),
  name = 'memory hid',
): MemoryReportLink {
  const queue = new ByteQueue()
  const life = lifetime()
  const send = (report: Uint8Array) => queue.push(Uint8Array.from(report))
  const device = typeof connected === 'function' ? connected({ closed: life.closed, send }) : connected
  const over = (reason: DeviceError) => {
    if (life.end(reason)) queue.end()
  }
  const refused = () => new DeviceError('refused', `${name}: the device does not know this report`)

  /** Like a cable, it takes a moment: the caller never finds the effect already there. */
  async function pass<Result>(act: () => Result): Promise<Result> {
    await Promise.resolve()
    if (life.closed.aborted) throw life.closed.reason
    return act()
  }

  return {
    near: {
      kind: 'report',
      name,
      texts: device.texts ?? {},
      descriptor: device.descriptor,
      closed: life.closed,
      reports: queue,
      writeOutput(report) {
        const copy = Uint8Array.from(report)
        return pass(() => device.output?.(copy))
      },
      sendFeature(report) {
        const copy = Uint8Array.from(report)
        return pass(() => {
          if (!device.sendFeature) throw refused()
          device.sendFeature(copy)
        })
      },
      getFeature: (reportId, length) =>
        pass(() => {
          if (!device.getFeature) throw refused()
          return Uint8Array.from(device.getFeature(reportId, length)).subarray(0, length)
        }),
      async close() {
        over(new DeviceError('link-closed', `${name}: closed`))
      },
    },
    send,
    unplug: () => over(new DeviceError('link-lost', `${name}: the cable was pulled`)),
  }
}
