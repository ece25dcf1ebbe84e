import { useImperativeHandle, type Ref, type RefObject } from "react";

/**
 * Takes the trigger's place in what is loaded later. It draws nothing: what it is asked for is the button that is on the
 * page already, to stand beside it and to give the focus back to it.
 */
export function StandIn({
  button,
  ref,
}: {
  button: RefObject<HTMLButtonElement | null>;
  ref?: Ref<HTMLButtonElement | null>;
}) {
  useImperativeHandle<HTMLButtonElement | null, HTMLButtonElement | null>(ref, () => button.current, [button]);
  return null;
}
