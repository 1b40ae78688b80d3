// What was saved has changed: its files are not pressed until they are made anew.
() => [0, 1].map(() => ({__type__: "update", interactive: false}))
