import type { memoryLink } from '../../devices/link/memory.ts'
import type { HttpEnd } from '../../devices/link/memory-http.ts'
import type { PipesEnd } from '../../devices/link/memory-pipes.ts'
import type { ReportEnd } from '../../devices/link/memory-report.ts'
import type { AnySimulator } from '../../devices/simulation.ts'

/** What becomes of everything a device says: what arrives instead, or undefined for nothing. */
export type Damage = (said: Uint8Array) => Uint8Array | undefined

/** A device whose voice is damaged on the way. It hears well. */
export function behindBadCable(device: AnySimulator<unknown>, damage: Damage): AnySimulator<unknown> {
  const { controls } = device
  switch (device.linkKind) {
    case 'report':
      return {
        linkKind: 'report',
        controls,
        attach: (far) => reports(device.attach(damaged(far, damage)), damage),
      }
    case 'pipes':
      return {
        linkKind: 'pipes',
        controls,
        attach: ({ closed, send }) =>
          device.attach({
            closed,
            send(endpoint, bytes) {
              const arrived = damage(bytes)
              if (arrived) send(endpoint, arrived)
            },
          } satisfies PipesEnd),
      }
    case 'http':
      return {
        linkKind: 'http',
        controls,
        attach: (far) => answers(device.attach(parts(far, damage)), damage),
      }
    default:
      return { controls, attach: (far) => device.attach(streamThrough(far, damage)) }
  }
}

type StreamEnd = ReturnType<typeof memoryLink>['far']

function streamThrough(far: StreamEnd, damage: Damage): StreamEnd {
  return {
    kind: 'stream',
    name: far.name,
    bytes: far.bytes,
    closed: far.closed,
    close: () => far.close(),
    async write(bytes) {
      const arrived = damage(bytes)
      if (arrived) await far.write(arrived)
    },
  }
}

function damaged({ closed, send }: ReportEnd, damage: Damage): ReportEnd {
  return {
    closed,
    send(report) {
      const arrived = damage(report)
      if (arrived) send(arrived)
    },
  }
}

type ReportDevice = ReturnType<Extract<AnySimulator<unknown>, { linkKind: 'report' }>['attach']>

function reports(device: ReportDevice, damage: Damage): ReportDevice {
  const { getFeature } = device
  if (!getFeature) return device
  return { ...device, getFeature: (id, length) => damage(getFeature(id, length)) ?? new Uint8Array() }
}

function parts({ closed, send }: HttpEnd, damage: Damage): HttpEnd {
  return {
    closed,
    send(path, { contentType, body }) {
      const arrived = damage(body)
      if (arrived) send(path, { contentType, body: arrived })
    },
  }
}

type HttpDevice = ReturnType<Extract<AnySimulator<unknown>, { linkKind: 'http' }>['attach']>

function answers(device: HttpDevice, damage: Damage): HttpDevice {
  return {
    ...device,
    request(path, init) {
      const answer = device.request?.(path, init)
      const body = answer && damage(Buffer.from(answer.body))
      return answer && body && { ...answer, body: Buffer.from(body).toString('utf8') }
    },
  }
}
