import { type AnyLink, isLinkKind, type StreamLink } from '../../devices/link/link.ts'
import type { AnySimulator, Simulator } from '../../devices/simulation.ts'

/** For tests of models on serial lines: any other kind of link is a mistake of the test. */
export function streamOf(link: AnyLink): StreamLink {
  if (!isLinkKind(link, 'stream')) throw new Error(`${link.name} is a ${link.kind} link`)
  return link
}

export function onStream<Controls>(simulator: AnySimulator<Controls>): Simulator<Controls> {
  if (simulator.linkKind !== undefined && simulator.linkKind !== 'stream')
    throw new Error(`this device has a ${simulator.linkKind} link`)
  return simulator
}
