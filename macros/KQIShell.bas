Attribute VB_Name = "KQIShell"
' The lines that only Excel on Windows can run. The tests have a double of this module.
Option Explicit

Private Const HIDDEN_WINDOW As Long = 0
Private Const FOR_READING As Long = 1
Private Const AS_UNICODE As Long = -1

Public Function Ping() As String
    Ping = "KQIShell"
End Function

' Waits for the program's exit code. Excel answers it meanwhile: Run hands on window messages.
Public Function RunAndWait(ByVal commandLine As String, ByVal folder As String) As Long
    Dim host As Object, folderBefore As String, failure As Long, words As String
    Set host = CreateObject("WScript.Shell")
    folderBefore = host.CurrentDirectory
    host.CurrentDirectory = folder
    Application.StatusBar = "Refreshing the KQIs..."
    On Error Resume Next
    RunAndWait = host.Run(commandLine, HIDDEN_WINDOW, True)
    failure = Err.Number
    words = Err.Description
    host.CurrentDirectory = folderBefore
    Application.StatusBar = False
    On Error GoTo 0
    If failure <> 0 Then Err.Raise failure, "KQIShell", words
End Function

' The text with %VARIABLES% replaced; unknown ones stay.
Public Function Expanded(ByVal text As String) As String
    Expanded = CreateObject("WScript.Shell").ExpandEnvironmentStrings(text)
End Function

' Not Dir and Open: those know only the letters of the machine's code page.
Public Function FileExists(ByVal path As String) As Boolean
    FileExists = CreateObject("Scripting.FileSystemObject").FileExists(path)
End Function

Public Sub MakeFolder(ByVal folder As String)
    Dim files As Object
    Set files = CreateObject("Scripting.FileSystemObject")
    If Not files.FolderExists(folder) Then files.CreateFolder folder
End Sub

Public Sub DeleteFile(ByVal path As String)
    If FileExists(path) Then CreateObject("Scripting.FileSystemObject").DeleteFile path
End Sub

' The text of a UTF-16 file, "" without one.
Public Function ReadText(ByVal path As String) As String
    Dim stream As Object
    If Not FileExists(path) Then Exit Function
    Set stream = CreateObject("Scripting.FileSystemObject").OpenTextFile(path, FOR_READING, False, AS_UNICODE)
    If Not stream.AtEndOfStream Then ReadText = stream.ReadAll
    stream.Close
End Function

Public Function TableRange(ByVal book As Object, ByVal tableName As String) As Object
    Dim sheet As Object, table As Object
    For Each sheet In book.Worksheets
        For Each table In sheet.ListObjects
            If table.Name = tableName Then Set TableRange = table.Range
        Next table
    Next sheet
End Function

Public Function OnWindows() As Boolean
    OnWindows = InStr(Application.OperatingSystem, "Windows") > 0
End Function

Public Function WindowHandle() As String
    WindowHandle = CStr(Application.Hwnd)
End Function

Public Sub Tell(ByVal text As String)
    MsgBox text, vbExclamation, "Refresh KQIs"
End Sub
