using Xunit.Sdk;

namespace SigmaComms.Persistence.Tests.Conformance;

/// <summary>Like <see cref="StoreFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(
    "SigmaComms.Persistence.Tests.Conformance.StoreTheoryDiscoverer", "SigmaComms.Persistence.Tests")]
internal sealed class StoreTheoryAttribute : TheoryAttribute;
