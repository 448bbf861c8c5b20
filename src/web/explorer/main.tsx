import 'graphiql/setup-workers/vite';
// The parts of graphiql/style.css without its 400 kB of embedded fonts; the editor brings its own styles.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './styles.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { ask } from './ask';
import { examples } from './examples';
import { withoutHeaders } from './storage';

const storage = withoutHeaders(localStorage);
const [first] = examples;

// GraphiQL opens its first tab without that tab's variables unless it finds them stored
if (first && storage.getItem('graphiql:tabState') === null) {
  storage.setItem('graphiql:query', first.query);
  storage.setItem('graphiql:variables', first.variables ?? '');
}

const place = document.getElementById('explorer');
if (place) {
  createRoot(place).render(
    <GraphiQL
      fetcher={ask}
      storage={storage}
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      {...(first && { defaultTabs: examples })}
    >
      <GraphiQL.Logo>
        <span className="explorer-name">Dragoman</span>
      </GraphiQL.Logo>
    </GraphiQL>,
  );
}
