using Xunit.Sdk;

namespace SigmaComms.Persistence.Tests.Conformance;

/// <summary>A test of every store; skipped, with the reason, in a class whose store cannot run here.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(
    "SigmaComms.Persistence.Tests.Conformance.StoreFactDiscoverer", "SigmaComms.Persistence.Tests")]
internal sealed class StoreFactAttribute : FactAttribute;
