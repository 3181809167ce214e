/** What every page loads before its components: the typeface, the tokens, and what holds for all elements. */
import '@fontsource-variable/inter/wght.css';
import '../ui/tokens.css';
import './global.css';
