/* Runs before the page is drawn: marks that scripts work, so that nothing jumps when it is. */
document.documentElement.classList.add("js");
