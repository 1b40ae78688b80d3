() => {
  document.querySelector("#sk-answer")?.scrollIntoView({block: "nearest"});
}
