package io.sluice.controlplane;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.sluice.controlplane",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.sluice.controlplane.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theWayOfTheDataIsTheOrderOfThePackages =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("api")
          .definedBy("io.sluice.controlplane.api..")
          .layer("discovery")
          .definedBy("io.sluice.controlplane.discovery..")
          .layer("delivery")
          .definedBy("io.sluice.controlplane.delivery..")
          .layer("fleet")
          .definedBy("io.sluice.controlplane.fleet..")
          .layer("security")
          .definedBy("io.sluice.controlplane.security..")
          .layer("http")
          .definedBy("io.sluice.controlplane.http..")
          .layer("changes")
          .definedBy("io.sluice.controlplane.changes..")
          .layer("store")
          .definedBy("io.sluice.controlplane.store..")
          .layer("postgres")
          .definedBy("io.sluice.controlplane.postgres..")
          .whereLayer("api")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("delivery")
          .mayOnlyBeAccessedByLayers("api")
          .whereLayer("discovery")
          .mayOnlyBeAccessedByLayers("api", "delivery")
          .whereLayer("fleet")
          .mayOnlyBeAccessedByLayers("api", "delivery", "discovery")
          .whereLayer("security")
          .mayOnlyBeAccessedByLayers("api", "delivery")
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("api", "delivery", "fleet", "security")
          .whereLayer("changes")
          .mayOnlyBeAccessedByLayers("api", "delivery", "discovery", "fleet");
}
