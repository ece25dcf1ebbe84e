"use client";

import { Volume2, VolumeX } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { useWords } from "@/lib/i18n";
import { useStore } from "@/lib/live";
import { chooseSound, sound } from "@/lib/sound";

/** Whether this browser sounds when a session is about to end and when it has ended. */
export function SoundSwitch() {
  const words = useWords("many");
  const on = useStore(sound);
  return (
    <IconButton
      label={words(on ? "soundOff" : "soundOn")}
      Icon={on ? Volume2 : VolumeX}
      onClick={() => chooseSound(!on)}
      className="max-md:hidden"
    />
  );
}
