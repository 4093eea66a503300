Attribute VB_Name = "KQIRefresh"
' Refresh KQIs: start Python on the workbook in front, and wait until it is done.
' What only Excel on Windows can run stands in KQIShell. README.md says how to install.
Option Explicit

' In the user's own folder; README.md says what Python writes there.
Private Const OWN_FOLDER As String = "%LOCALAPPDATA%\kqi_workbook"
Private Const MESSAGE_FILE As String = "\message.txt"
Private Const LOG_FILE As String = "\refresh.log"

' The sheet's button.
Public Sub RefreshKQIs()
    Dim problem As String
    problem = ProblemOfRefreshing(ActiveWorkbook)
    If problem <> "" Then KQIShell.Tell problem
End Sub

' The ribbon's button. Object, not IRibbonControl: that type would need a reference to Office.
Public Sub OnRefreshKQIs(ByVal control As Object)
    RefreshKQIs
End Sub

Public Function Ping() As String
    Ping = "KQIRefresh"
End Function

' Refreshes the workbook. Gives what stood in the way, for a person to read, or "".
Public Function ProblemOfRefreshing(ByVal book As Object) As String
    Dim problem As String, python As String, commandLine As String
    On Error GoTo NotStarted
    problem = ProblemOfBook(book)
    If problem = "" Then python = FindPython(book, problem)
    If problem = "" Then
        commandLine = CommandFor(python, book.Name, KQIShell.WindowHandle())
        problem = ProblemOfLine(commandLine)
    End If
    If problem = "" Then problem = ProblemOfRunning(commandLine)
    ProblemOfRefreshing = problem
    Exit Function
NotStarted:
    ProblemOfRefreshing = "Windows did not let Excel start Python (" & Err.Description & "). Nothing was " & _
        "changed." & vbCrLf & vbCrLf & "Your IT department may forbid Office to start other programs. " & _
        "'Refresh KQIs.cmd' beside the workbook does the same from outside Excel."
End Function

' xlwings finds the workbook by "--wb=name", cut at its equals signs and trimmed.
Public Function ProblemOfBook(ByVal book As Object) As String
    If Not KQIShell.OnWindows() Then
        ProblemOfBook = "This button needs Excel for Windows. On a Mac, type in Terminal: kqi refresh --live"
    ElseIf book Is Nothing Then
        ProblemOfBook = "No workbook is open. Open the KQI workbook, then press Refresh KQIs."
    ElseIf book.Path = "" Then
        ProblemOfBook = "'" & book.Name & "' has never been saved. Save it as an Excel Macro-Enabled " & _
            "Workbook (*.xlsm), then press Refresh KQIs again."
    ElseIf InStr(book.Name, "=") > 0 Or Left$(book.Name, 1) = " " Then
        ProblemOfBook = "The workbook's name '" & book.Name & "' has an equals sign in it or begins " & _
            "with a space, which a live refresh cannot handle. Save it under another name, then press " & _
            "Refresh KQIs again."
    End If
End Function

' WScript.Shell would swap in the variable's value, and Python look for another workbook.
Public Function ProblemOfLine(ByVal commandLine As String) As String
    If KQIShell.Expanded(commandLine) <> commandLine Then
        ProblemOfLine = "The name of the workbook or of Python holds a Windows variable between two " & _
            "percent signs:" & vbCrLf & vbCrLf & commandLine & vbCrLf & vbCrLf & "Rename it."
    End If
End Function

' Python starts in a folder that is the user's own: "python -m" imports from the folder that it
' starts in, and anybody can leave a file beside a workbook on a share.
Private Function ProblemOfRunning(ByVal commandLine As String) As String
    Dim folder As String, code As Long
    folder = KQIShell.Expanded(OWN_FOLDER)
    KQIShell.MakeFolder folder
    KQIShell.DeleteFile folder & MESSAGE_FILE
    code = KQIShell.RunAndWait(commandLine, folder)
    If code <> 0 Then ProblemOfRunning = WordsOfFailure(code, folder)
End Function

Public Function WordsOfFailure(ByVal code As Long, ByVal folder As String) As String
    Dim words As String
    words = KQIShell.ReadText(folder & MESSAGE_FILE)
    If words = "" Then
        words = "The refresh stopped (exit code " & code & ") before it could say why. If it has never " & _
            "worked on this computer, the package kqi_workbook is not installed for its Python."
    End If
    WordsOfFailure = words & vbCrLf & vbCrLf & "The log: " & folder & LOG_FILE
End Function

' The command line, as the rules of Windows programs take it apart again.
Public Function CommandFor(ByVal python As String, ByVal bookName As String, ByVal window As String) As String
    CommandFor = """" & python & """ -m kqi_workbook refresh --live " & Quoted("--wb=" & bookName) & _
        " --from_xl=1 --hwnd=" & window
End Function

' One argument in quotes: a quote takes a backslash, and backslashes before a quote are doubled.
Public Function Quoted(ByVal argument As String) As String
    Dim at As Long, backslashes As Long, letter As String, result As String
    For at = 1 To Len(argument)
        letter = Mid$(argument, at, 1)
        If letter = """" Then result = result & String$(backslashes + 1, "\")
        If letter = "\" Then backslashes = backslashes + 1 Else backslashes = 0
        result = result & letter
    Next at
    Quoted = """" & result & String$(backslashes, "\") & """"
End Function

' The value beside a setting, "" without one. Staff may have moved the table's columns.
Public Function SettingValue(ByVal table As Object, ByVal setting As String) As String
    Dim row As Long, column As Long, nameColumn As Long, valueColumn As Long
    If table Is Nothing Then Exit Function
    For column = 1 To table.Columns.Count
        If table.Cells(1, column).Text = "Setting" Then nameColumn = column
        If table.Cells(1, column).Text = "Value" Then valueColumn = column
    Next column
    If nameColumn = 0 Or valueColumn = 0 Then Exit Function
    For row = 2 To table.Rows.Count
        If table.Cells(row, nameColumn).Text = setting Then
            SettingValue = Trim$(table.Cells(row, valueColumn).Text)
        End If
    Next row
End Function

' The user's own variable KQI_PYTHON goes before the workbook's Settings, which all users share.
Public Function FindPython(ByVal book As Object, ByRef problem As String) As String
    Dim wanted As String, source As String
    source = "the variable KQI_PYTHON of your Windows account"
    wanted = KQIShell.Expanded("%KQI_PYTHON%")
    If wanted = "%KQI_PYTHON%" Then
        source = "the Python row of the Settings tab"
        wanted = SettingValue(KQIShell.TableRange(book, "Settings"), "Python")
    End If
    If wanted = "" Then
        FindPython = PythonOnPath()
        If FindPython = "" Then
            problem = "Python was not found on this computer. Install it, or write its full path (it " & _
                "ends in pythonw.exe) in the Python row of the Settings tab, then press Refresh KQIs again."
        End If
    Else
        FindPython = KQIShell.Expanded(Replace(wanted, """", ""))
        If Not IsProgram(FindPython) Then
            problem = "Python is not at '" & FindPython & "', where " & source & " says. Write its full " & _
                "path there (it ends in pythonw.exe), or leave it blank to have Python looked for."
        End If
    End If
End Function

' Only programs without a console: Windows ships a python that only opens its shop.
Public Function PythonOnPath() As String
    Dim program As Variant, folder As Variant, path As String
    For Each program In Array("pyw.exe", "pythonw.exe")
        For Each folder In Split(KQIShell.Expanded("%PATH%"), ";")
            path = InFolder(Replace(folder, """", ""), program)
            If PythonOnPath = "" And IsProgram(path) Then PythonOnPath = path
        Next folder
    Next program
End Function

' A relative path would be looked for in whatever folder is current.
Private Function IsProgram(ByVal path As String) As Boolean
    If Mid$(path, 2, 2) = ":\" Or Left$(path, 2) = "\\" Then IsProgram = KQIShell.FileExists(path)
End Function

Private Function InFolder(ByVal folder As String, ByVal program As String) As String
    If Right$(folder, 1) <> "\" Then folder = folder & "\"
    InFolder = folder & program
End Function
