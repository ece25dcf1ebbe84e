import { createStore } from "@/lib/store";

const STORED_AS = "gameops.sound";

/** Whether this browser sounds; off unless somebody at it turned it on. */
export const sound = createStore(false);

/** Reads the choice that this browser keeps. */
export function restoreSound(): void {
  try {
    sound.set(localStorage.getItem(STORED_AS) === "on");
  } catch {
    // Without storage it stays off.
  }
}

export function chooseSound(on: boolean): void {
  sound.set(on);
  try {
    localStorage.setItem(STORED_AS, on ? "on" : "off");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  if (on) play("warning");
}

/** Two soft tones that rise for a warning; three that fall for an end. */
const melodies = { warning: [660, 880], up: [880, 660, 440] } as const;
const TONE_SECONDS = 0.16;
const LOUDNESS = 0.18;

let context: AudioContext | null = null;

/** Plays nothing where the browser has no sound, or waits for a first press on the page. */
export function play(melody: keyof typeof melodies): void {
  if (typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  void context.resume().catch(() => undefined);
  melodies[melody].forEach((pitch, index) => tone(context, pitch, index * TONE_SECONDS));
}

function tone(audio: AudioContext | null, pitch: number, delay: number): void {
  if (audio === null) return;
  const start = audio.currentTime + delay;
  const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
  oscillator.frequency.value = pitch;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + TONE_SECONDS);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + TONE_SECONDS);
}
