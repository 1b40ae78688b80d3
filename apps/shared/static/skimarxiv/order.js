// Show these cards in this order: ids alone.
(order) => {
  if (!window.sk || !order) return;
  window.sk.order = JSON.parse(order);
  window.sk.arrange();
}
