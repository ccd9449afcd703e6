import './fonts-hans.ts'
import './tokens.css'
import './base.css'
import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from './app.tsx'
import { pixelsPerMillimetre } from './panel.ts'
import { language, startState } from './state.ts'
import { openTechnicianDoor } from './technician-door.ts'

const root = document.documentElement
const mm = pixelsPerMillimetre(location.search, window.screen)
if (mm) root.style.setProperty('--panel-mm', `${mm.toFixed(4)}px`)

effect(() => {
  root.lang = language.value
})

// A public screen has no menu and no zoom; the styles stop pinching, this the rest.
addEventListener('contextmenu', (event) => event.preventDefault())
addEventListener('wheel', (event) => event.ctrlKey && event.preventDefault(), { passive: false })

openTechnicianDoor()
startState()
const screen = document.getElementById('screen')
if (screen) render(<App />, screen)

// Not needed for the first paint; a visitor who presses 繁體 finds them there.
void import('./fonts-hant.ts')
