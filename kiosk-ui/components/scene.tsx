import './scene.css'
import type { JSX } from 'preact'

/** Drawings of what to do, each on a ground of 360 × 300. They say what the words beside them say. */
const scenes = {
  card: () => (
    <>
      <path class="scene-base" d="M70 192h220l52 84a12 12 0 0 1-10 18H28a12 12 0 0 1-10-18Z" />
      <path class="scene-slot" d="M112 214h136l28 60H84Z" />
      <g class="scene-drop">
        <g transform="rotate(-7 180 110)">
          <rect class="scene-paper" x="76" y="46" width="208" height="130" rx="16" />
          <rect class="scene-tint" x="96" y="68" width="56" height="66" rx="8" />
          <circle class="scene-accent" cx="124" cy="91" r="13" />
          <path class="scene-accent" d="M101 134c2-18 11-26 23-26s21 8 23 26Z" />
          <path class="scene-text" d="M172 78h88M172 100h66M172 122h78M96 154h164" />
        </g>
      </g>
      <path class="scene-arrow" d="M318 70v82M298 134l20 20 20-20" />
    </>
  ),
  'take-card': () => (
    <>
      <path class="scene-base" d="M70 192h220l52 84a12 12 0 0 1-10 18H28a12 12 0 0 1-10-18Z" />
      <path class="scene-slot" d="M112 214h136l28 60H84Z" />
      <g class="scene-drop">
        <g transform="rotate(7 180 110)">
          <rect class="scene-paper" x="60" y="26" width="208" height="130" rx="16" />
          <rect class="scene-tint" x="80" y="48" width="56" height="66" rx="8" />
          <circle class="scene-accent" cx="108" cy="71" r="13" />
          <path class="scene-accent" d="M85 114c2-18 11-26 23-26s21 8 23 26Z" />
          <path class="scene-text" d="M156 58h88M156 80h66M156 102h78M80 134h164" />
        </g>
      </g>
      <path class="scene-arrow" d="M322 152V70M302 88l20-20 20 20" />
    </>
  ),
  phone: () => (
    <>
      <path class="scene-beam" d="M138 226 96 98h172l-46 128Z" />
      <rect class="scene-base" x="60" y="222" width="240" height="64" rx="22" />
      <rect class="scene-glass" x="126" y="218" width="108" height="18" rx="9" />
      <g class="scene-drop">
        <g transform="rotate(6 180 100)">
          <rect class="scene-ink" x="126" y="6" width="112" height="190" rx="20" />
          <rect class="scene-paper" x="135" y="20" width="94" height="162" rx="10" />
          <path
            class="scene-code"
            d="M148 46h26v26h-26ZM190 46h26v26h-26ZM148 88h26v26h-26ZM182 80h10v10h-10ZM198 80h18v10h-18ZM182 96h10v18h-10ZM200 100h16v14h-16ZM178 52h6v16h-6Z"
          />
          <path class="scene-text" d="M150 138h64M162 156h40" />
        </g>
      </g>
      <path class="scene-arrow" d="M318 90v82M298 154l20 20 20-20" />
    </>
  ),
  face: () => (
    <>
      <path class="scene-beam" d="M292 96 148 62v74Z" />
      <path class="scene-paper" d="M20 300c4-66 40-96 92-96s88 30 92 96Z" />
      <path class="scene-skin" d="M86 178h52v38c-14 14-38 14-52 0Z" />
      <rect class="scene-skin" x="58" y="52" width="108" height="140" rx="54" />
      <path
        class="scene-ink"
        d="M56 108c-8-52 20-76 58-76 34 0 60 20 54 66-6-20-18-30-36-34-30 4-60 8-76 44Z"
      />
      <path class="scene-stroke" d="M128 116v8M154 116v8M146 128l8 18h-10M128 164c8 5 16 5 24 0" />
      <path class="scene-corner" d="M112 88V72h16M176 88V72h-16" />
      <rect class="scene-base" x="284" y="60" width="56" height="118" rx="20" />
      <circle class="scene-glass" cx="306" cy="96" r="13" />
      <path class="scene-onbase" d="M300 138h26M300 154h26" />
      <path class="scene-pole" d="M312 178v122" />
    </>
  ),
  mask: () => (
    <>
      <path class="scene-paper" d="M56 300c6-60 56-86 124-86s118 26 124 86Z" />
      <path class="scene-skin" d="M150 190h60v38c-16 16-44 16-60 0Z" />
      <path
        class="scene-skin"
        d="M104 120c-14-2-20 8-16 24 3 13 10 20 20 18ZM256 120c14-2 20 8 16 24-3 13-10 20-20 18Z"
      />
      <rect class="scene-skin" x="104" y="34" width="152" height="176" rx="74" />
      <path
        class="scene-ink"
        d="M98 116C88 44 130 14 182 14s92 32 80 102c-6-26-20-42-40-48-40 10-96 4-124 48Z"
      />
      <path class="scene-stroke" d="M146 112v10M214 112v10" />
      <path class="scene-cord" d="M116 142 92 130M116 178l-18-22M244 142l24-12M244 178l18-22" />
      <path
        class="scene-mask"
        d="M112 138c28-1 50-7 68-16 18 9 40 15 68 16v34c-6 30-34 44-68 44s-62-14-68-44Z"
      />
      <path class="scene-fold" d="M134 160h92M138 180h84" />
    </>
  ),
  walk: () => (
    <>
      <path class="scene-frame" d="M196 288V44a16 16 0 0 1 16-16h104a16 16 0 0 1 16 16v244" />
      <path class="scene-floor" d="M20 288h330" />
      <g class="scene-walker">
        <circle cx="118" cy="70" r="26" />
        <path d="M112 118 78 142l-8 46M112 118l44 26 34 12M112 118l-6 76M106 194l40 36 8 56M106 194l-12 44-40 44" />
      </g>
      <path class="scene-go" d="M222 160h70M268 132l28 28-28 28" />
    </>
  ),
  staff: () => (
    <>
      <path class="scene-paper" d="M20 300c6-76 46-106 110-106s104 30 110 106Z" />
      <path class="scene-accent" d="M112 196h36l-8 22 10 60-20 22-20-22 10-60Z" />
      <path class="scene-skin" d="M102 168h56v30c-16 14-40 14-56 0Z" />
      <rect class="scene-skin" x="74" y="50" width="112" height="136" rx="56" />
      <path class="scene-ink" d="M68 112c-8-56 22-82 62-82s70 26 62 82c-4-22-16-34-32-40-30 10-70 4-92 40Z" />
      <path class="scene-stroke" d="M108 116v8M152 116v8M112 152c12 9 24 9 36 0" />
      <path
        class="scene-paper"
        d="M236 40h84a20 20 0 0 1 20 20v56a20 20 0 0 1-20 20h-40l-32 28v-28h-12a20 20 0 0 1-20-20V60a20 20 0 0 1 20-20Z"
      />
      <path class="scene-tick" d="m252 88 20 20 36-38" />
    </>
  ),
  full: () => (
    <>
      <path class="scene-frame" d="M40 288V44a16 16 0 0 1 16-16h248a16 16 0 0 1 16 16v244" />
      <path class="scene-floor" d="M14 288h332" />
      <g class="scene-crowd">
        <circle cx="112" cy="120" r="24" />
        <circle cx="180" cy="104" r="26" />
        <circle cx="248" cy="120" r="24" />
        <path d="M72 266v-58c0-28 16-44 40-44 12 0 22 4 28 10M288 266v-58c0-28-16-44-40-44-12 0-22 4-28 10M136 266v-72c0-30 18-46 44-46s44 16 44 46v72" />
      </g>
    </>
  ),
  closed: () => (
    <>
      <path class="scene-frame" d="M70 288V44a16 16 0 0 1 16-16h188a16 16 0 0 1 16 16v244" />
      <path class="scene-floor" d="M30 288h300M180 28v260" />
      <circle class="scene-clock" cx="180" cy="146" r="66" />
      <path class="scene-hands" d="M180 106v42l28 18" />
    </>
  ),
} satisfies { readonly [name: string]: () => JSX.Element }

export type SceneName = keyof typeof scenes

export function Scene({ name }: { readonly name: SceneName }) {
  return (
    <svg class={`scene scene-of-${name}`} viewBox="0 0 360 300" aria-hidden="true">
      {scenes[name]()}
    </svg>
  )
}
