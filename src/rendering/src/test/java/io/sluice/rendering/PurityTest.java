package io.sluice.rendering;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Random;
import java.util.UUID;

/** The same resources give the same bytes, whoever renders them, wherever and whenever. */
@AnalyzeClasses(packages = "io.sluice.rendering", importOptions = DoNotIncludeTests.class)
class PurityTest {

  @ArchTest
  static final ArchRule renderingReachesNothingOutside =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.io..", "java.net..", "java.nio.file..", "java.sql..")
                  // Records and enums are serializable by themselves.
                  .and(not(type(Serializable.class))));

  @ArchTest
  static final ArchRule renderingKnowsNoTimeAndNoChance =
      noClasses()
          .should()
          .dependOnClassesThat(
              type(Clock.class)
                  .or(type(Instant.class))
                  .or(type(Random.class))
                  .or(type(UUID.class)));

  /** A bundle's own objects are looked up by digest and never walked through for output. */
  @ArchTest
  static final ArchRule renderingOrdersWhatItWalksThrough =
      noClasses()
          .that()
          .resideOutsideOfPackage("..bundle")
          .should()
          .dependOnClassesThat(type(HashMap.class).or(type(HashSet.class)));

  @ArchTest
  static final ArchRule packagesDependInOneDirection =
      slices().matching("io.sluice.rendering.(*)..").should().beFreeOfCycles();
}
