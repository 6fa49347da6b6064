package io.sluice.controlplane.store;

import io.sluice.controlplane.postgres.TestServer;

class EmbeddedResourceStoreTest extends ResourceStoreContract {

  @Override
  TestServer.Address database() {
    return TestServer.freshDatabase();
  }
}
