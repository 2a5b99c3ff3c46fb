using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Crm.Support;

/// <summary>Runs the tests of an assembly as xunit does, and deletes the test cluster after the last one.</summary>
// The end of the process comes too late for that: the test host is killed a tenth of a second after its last test.
public sealed class TestRun(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assembly) =>
        new Executor(assembly, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assembly, sources, diagnostics)
    {
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> cases, IMessageSink results, ITestFrameworkExecutionOptions options)
        {
            using var runner = new Runner(TestAssembly, cases, DiagnosticMessageSink, results, options);
            await runner.RunAsync();
        }
    }

    private sealed class Runner(
        ITestAssembly assembly, IEnumerable<IXunitTestCase> cases, IMessageSink diagnostics, IMessageSink results,
        ITestFrameworkExecutionOptions options)
        : XunitTestAssemblyRunner(assembly, cases, diagnostics, results, options)
    {
        protected override async Task BeforeTestAssemblyFinishedAsync()
        {
            await base.BeforeTestAssemblyFinishedAsync();
            await TestCluster.Delete();
        }
    }
}
