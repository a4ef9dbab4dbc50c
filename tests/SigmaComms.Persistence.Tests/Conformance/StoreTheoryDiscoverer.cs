using Xunit.Abstractions;
using Xunit.Sdk;

namespace SigmaComms.Persistence.Tests.Conformance;

/// <summary>Makes the cases of a <see cref="StoreTheoryAttribute"/>.</summary>
public sealed class StoreTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        StoreTestCase.LackOf(testMethod) is null
            ? base.Discover(discoveryOptions, testMethod, theoryAttribute)
            :
            [
                new StoreTestCase(
                    DiagnosticMessageSink,
                    discoveryOptions.MethodDisplayOrDefault(),
                    discoveryOptions.MethodDisplayOptionsOrDefault(),
                    testMethod),
            ];
}
