namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>What a <c>ptnet</c> left behind.</summary>
internal sealed record PtnetResult(int Code, string Output, string Errors);
