interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** The option that a digit chooses: `1` the first. Nothing for other keys, held modifiers, or disabled options. */
export function digitChoice<Value extends string>(
  press: KeyPress,
  options: readonly { readonly value: Value; readonly isDisabled?: boolean }[],
): Value | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey || !/^[1-9]$/.test(press.key)) return undefined;
  const option = options[Number(press.key) - 1];
  return option === undefined || option.isDisabled === true ? undefined : option.value;
}
